using System.Text.Json.Serialization;
using Marquee.Client.Events;
using Marquee.Client.Http;
using Marquee.Client.Models;
using Marquee.Client.Operations;
using Marquee.Client.Recommendations;
using Marquee.Client.Titles;
using Marquee.Client.Users;

namespace Marquee.Client;

/// <summary>The JSON of the API: camelCase, absent rather than null. Unknown fields are skipped when reading.</summary>
/// <remarks>
/// Generated readers hand null to every init-only property that an answer leaves out, whatever its initialiser says; the
/// properties that are never null turn it back into their default.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(EngagementEvent))]
[JsonSerializable(typeof(EventBatchOutcome))]
[JsonSerializable(typeof(Title))]
[JsonSerializable(typeof(TitleBatchOutcome))]
[JsonSerializable(typeof(TitlePage))]
[JsonSerializable(typeof(TitleStats))]
[JsonSerializable(typeof(TrendingTitles))]
[JsonSerializable(typeof(SimilarTitles))]
[JsonSerializable(typeof(Slate))]
[JsonSerializable(typeof(HomePage))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(ModelVersions))]
[JsonSerializable(typeof(ModelChange))]
public sealed partial class MarqueeJson : JsonSerializerContext;
