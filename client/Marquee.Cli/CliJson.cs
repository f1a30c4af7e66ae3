using System.Text.Json;
using System.Text.Json.Serialization;
using Marquee.Cli.Chaos;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Load;
using Marquee.Cli.Chaos.Reports;
using Marquee.Cli.Clusters;
using Marquee.Cli.Import;
using Marquee.Cli.Load.Reports;
using Marquee.Cli.Operations;
using Marquee.Cli.Replay;

namespace Marquee.Cli;

/// <summary>The documents that --json writes, besides those of the API itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(MaximumReport))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(ClusterState))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(StopReport))]
[JsonSerializable(typeof(HistoryRecord))]
[JsonSerializable(typeof(ChaosReport))]
[JsonSerializable(typeof(ChaosSummary))]
[JsonSerializable(typeof(EngagementBody[]))]
[JsonSerializable(typeof(TitleBody[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class CliJson : JsonSerializerContext;
