using Marquee.Contracts.Models;
using Marquee.Gateway.Json;

namespace Marquee.Gateway.Models;

/// <summary>The kept versions of the ranking model.</summary>
/// <param name="Current">The version that ranks; <c>untrained</c> is the one that comes with the program.</param>
/// <param name="Versions">The kept ones, newest first.</param>
internal sealed record ModelListBody(string Current, IReadOnlyList<ModelBody> Versions);

/// <summary>One version of the ranking model.</summary>
internal sealed record ModelBody
{
    /// <summary>Names it in answers.</summary>
    public required string Version { get; init; }

    /// <summary>Whether it ranks.</summary>
    public required bool Current { get; init; }

    /// <summary><c>training</c>: the node trained it; <c>upload</c>: it was published as a file.</summary>
    public required string Origin { get; init; }

    /// <summary>When it was trained; absent when it does not tell.</summary>
    public DateTime? TrainedAt { get; init; }

    /// <summary>Time of the newest event that it was trained on; absent when it was trained on none.</summary>
    public DateTime? TrainedUntil { get; init; }

    /// <summary>How many events it was trained on.</summary>
    public required long Events { get; init; }

    /// <summary>Entries in the log when its training began; absent for a model trained elsewhere.</summary>
    public long? LogPosition { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTime PublishedAt { get; init; }

    /// <summary>Size of the model file.</summary>
    public required int Bytes { get; init; }

    /// <summary>How many titles have an embedding.</summary>
    public required int Titles { get; init; }

    /// <summary>The version that ranked before it: where a roll-back leads.</summary>
    public required string Replaced { get; init; }

    /// <summary>Whether it was published although it ranked worse.</summary>
    public required bool Forced { get; init; }

    /// <summary>How it did against the version that it replaced; absent when there was too little to compare on.</summary>
    public ModelTrialBody? Trial { get; init; }

    public static ModelBody Of(ModelVersion version, string current) => new()
    {
        Version = version.Version,
        Current = version.Version == current,
        Origin = version.Origin == ModelOrigin.Training ? "training" : "upload",
        TrainedAt = version.TrainedAt > 0 ? Instant.Of(version.TrainedAt) : null,
        TrainedUntil = version.TrainedUntil > 0 ? Instant.Of(version.TrainedUntil) : null,
        Events = version.Events,
        LogPosition = version.LogPosition,
        PublishedAt = Instant.Of(version.PublishedAt),
        Bytes = version.Bytes,
        Titles = version.Titles,
        Replaced = version.Replaced,
        Forced = version.Forced,
        Trial = version.Trial is { } trial
            ? new ModelTrialBody(
                trial.Lists, trial.Recall10, trial.Ndcg10, trial.Replaced, trial.ReplacedRecall10, trial.ReplacedNdcg10, trial.StandardError, trial.HasSeenPeriod)
            : null,
    };
}

/// <summary>A model against the one that it was to replace, on the last day of the stream.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="Recall10">Recall@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
/// <param name="Replaced">The version that it was compared with.</param>
/// <param name="ReplacedRecall10">Recall@10 of that version.</param>
/// <param name="ReplacedNdcg10">NDCG@10 of that version.</param>
/// <param name="StandardError">Of the difference between the two NDCG@10; a difference below it is chance.</param>
/// <param name="HasSeenPeriod">Whether the model was trained on events of that day, which flatters it.</param>
internal sealed record ModelTrialBody(
    int Lists, double Recall10, double Ndcg10, string Replaced, double ReplacedRecall10, double ReplacedNdcg10, double StandardError, bool HasSeenPeriod);

/// <summary>The answer to a change of the model.</summary>
/// <param name="Current">The version that ranks now.</param>
/// <param name="Version">What is known of it; absent for <c>untrained</c>.</param>
internal sealed record ModelChangeBody(string Current, ModelBody? Version);
