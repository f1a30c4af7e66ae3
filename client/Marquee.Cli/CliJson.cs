using System.Text.Json.Serialization;
using Marquee.Cli.Import;
using Marquee.Cli.Operations;
using Marquee.Cli.Replay;

namespace Marquee.Cli;

/// <summary>The documents that --json writes, besides those of the API itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class CliJson : JsonSerializerContext;
