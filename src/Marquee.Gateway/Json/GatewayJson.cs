using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Marquee.Gateway.Catalogue;
using Marquee.Gateway.Events;
using Marquee.Gateway.Models;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Recommendations;
using Marquee.Gateway.Samples;
using Marquee.Gateway.Titles;
using Marquee.Gateway.Users;

namespace Marquee.Gateway.Json;

/// <summary>How answers become JSON: camelCase, absent rather than null, numbers so that they read back exactly.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventAcknowledgement))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(HistoryBody))]
[JsonSerializable(typeof(HomeBody))]
[JsonSerializable(typeof(ModelChangeBody))]
[JsonSerializable(typeof(ModelListBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(SampleBody))]
[JsonSerializable(typeof(SimilarBody))]
[JsonSerializable(typeof(SlateBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(TitleAcknowledgement))]
[JsonSerializable(typeof(TitleBody))]
[JsonSerializable(typeof(TitlePageBody))]
[JsonSerializable(typeof(TitleStatisticsBody))]
[JsonSerializable(typeof(TrendingBody))]
internal sealed partial class GatewayJson : JsonSerializerContext
{
    /// <summary>Writes text as it is, since none of it lands inside HTML.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}
