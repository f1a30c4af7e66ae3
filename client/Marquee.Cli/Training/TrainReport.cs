using System.Text.Json.Serialization;

namespace Marquee.Cli.Training;

/// <summary>The JSON document of <c>marquee train --json</c>.</summary>
/// <param name="Version">The model's name.</param>
/// <param name="File">Where it was written.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Titles">How many titles have an embedding.</param>
internal sealed record TrainReport(string Version, string File, long Bytes, int Titles);

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrainReport))]
internal sealed partial class TrainJson : JsonSerializerContext;
