using System.Collections.Immutable;

namespace Marquee.Contracts.Models;

/// <summary>Where a model came from.</summary>
[GenerateSerializer, Alias("marquee.model-origin")]
public enum ModelOrigin : byte
{
    /// <summary>The silo trained it in the background.</summary>
    Training = 0,

    /// <summary>An operator published a file.</summary>
    Upload = 1,
}

/// <summary>One kept version of the ranking model.</summary>
[GenerateSerializer, Immutable, Alias("marquee.model-version")]
public sealed record ModelVersion
{
    /// <summary>Names the model in answers; unique among the kept ones.</summary>
    [Id(0)] public required string Version { get; init; }

    /// <summary>Where it came from.</summary>
    [Id(1)] public required ModelOrigin Origin { get; init; }

    /// <summary>When it was trained, milliseconds since the Unix epoch; 0 when the model does not tell.</summary>
    [Id(2)] public required long TrainedAt { get; init; }

    /// <summary>Stream time of the newest event that it was trained on, milliseconds since the Unix epoch.</summary>
    [Id(3)] public required long TrainedUntil { get; init; }

    /// <summary>How many events it was trained on.</summary>
    [Id(4)] public required long Events { get; init; }

    /// <summary>Position of the log when its training began: the number of entries in all partitions; null for a model trained elsewhere.</summary>
    [Id(5)] public long? LogPosition { get; init; }

    /// <summary>When it was published, milliseconds since the Unix epoch.</summary>
    [Id(6)] public required long PublishedAt { get; init; }

    /// <summary>Size of the stored model.</summary>
    [Id(7)] public required int Bytes { get; init; }

    /// <summary>How many titles have an embedding.</summary>
    [Id(8)] public required int Titles { get; init; }

    /// <summary>How it did against the version that it replaced; null when there was too little to compare on.</summary>
    [Id(9)] public ModelTrialFigures? Trial { get; init; }

    /// <summary>Whether it was published although it did worse.</summary>
    [Id(10)] public bool Forced { get; init; }

    /// <summary>The version that served before it: where a roll-back leads.</summary>
    [Id(11)] public required string Replaced { get; init; }

    /// <summary>Under which key the model is stored.</summary>
    [Id(12)] public required string StoreKey { get; init; }

    /// <summary>Hash of the model's bytes.</summary>
    [Id(13)] public required ulong Hash { get; init; }
}

/// <summary>A model against the one that it was to replace, on the last day of the stream; every list ranked with what was known before it.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="Recall10">Recall@10 of the new model.</param>
/// <param name="Ndcg10">NDCG@10 of the new model.</param>
/// <param name="Replaced">The version it was compared with.</param>
/// <param name="ReplacedRecall10">Recall@10 of that version.</param>
/// <param name="ReplacedNdcg10">NDCG@10 of that version.</param>
/// <param name="StandardError">Of the difference between the two NDCG@10.</param>
/// <param name="HasSeenPeriod">Whether the new model was trained on events of the period, which flatters it.</param>
[GenerateSerializer, Immutable, Alias("marquee.model-trial")]
public sealed record ModelTrialFigures(
    [property: Id(0)] int Lists,
    [property: Id(1)] double Recall10,
    [property: Id(2)] double Ndcg10,
    [property: Id(3)] string Replaced,
    [property: Id(4)] double ReplacedRecall10,
    [property: Id(5)] double ReplacedNdcg10,
    [property: Id(6)] double StandardError,
    [property: Id(7)] bool HasSeenPeriod)
{
    /// <summary>Whether the new model is worse by more than one standard error of the difference: less than that is chance.</summary>
    public bool IsWorse => Ndcg10 < ReplacedNdcg10 - StandardError;
}

/// <summary>The kept versions.</summary>
/// <param name="Current">The version that ranks; <see cref="Untrained"/> when none was published.</param>
/// <param name="Sequence">Counts the changes.</param>
/// <param name="Versions">Newest first.</param>
[GenerateSerializer, Immutable, Alias("marquee.model-list")]
public sealed record ModelList(
    [property: Id(0)] string Current,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ImmutableArray<ModelVersion> Versions)
{
    /// <summary>The version of the ranker that comes with the program; always there to roll back to.</summary>
    public const string Untrained = "untrained";

    /// <summary>The version that ranks; null for <see cref="Untrained"/>.</summary>
    public ModelVersion? CurrentVersion => Find(Current);

    /// <summary>A kept version; null when there is none of the name.</summary>
    public ModelVersion? Find(string version) => Versions.FirstOrDefault(kept => kept.Version == version);
}
