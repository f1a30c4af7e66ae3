namespace Marquee.Client.Models;

/// <summary>The kept versions of the ranking model.</summary>
public sealed record ModelVersions
{
    /// <summary>The version that ranks; <c>untrained</c> is the one that comes with the program.</summary>
    public string Current { get; init => field = value ?? ""; } = "";

    /// <summary>The kept ones, newest first.</summary>
    public IReadOnlyList<ModelVersion> Versions { get; init => field = value ?? []; } = [];
}

/// <summary>One version of the ranking model.</summary>
public sealed record ModelVersion
{
    /// <summary>Names it in answers.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>Whether it ranks.</summary>
    public bool Current { get; init; }

    /// <summary><c>training</c>: the node trained it; <c>upload</c>: it was published as a file.</summary>
    public string? Origin { get; init; }

    /// <summary>When it was trained, if it tells.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Time of the newest event that it was trained on.</summary>
    public DateTimeOffset? TrainedUntil { get; init; }

    /// <summary>How many events it was trained on.</summary>
    public long Events { get; init; }

    /// <summary>Entries in the node's log when its training began; null for a model trained elsewhere.</summary>
    public long? LogPosition { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Size of the model file.</summary>
    public long Bytes { get; init; }

    /// <summary>How many titles have an embedding.</summary>
    public int Titles { get; init; }

    /// <summary>The version that ranked before it: where a roll-back leads.</summary>
    public string? Replaced { get; init; }

    /// <summary>Whether it was published although it ranked worse.</summary>
    public bool Forced { get; init; }

    /// <summary>How it did against the version that it replaced; null when there was too little to compare on.</summary>
    public ModelTrial? Trial { get; init; }
}

/// <summary>A model against the one that it was to replace, on the last day of the node's stream.</summary>
public sealed record ModelTrial
{
    /// <summary>How many lists.</summary>
    public int Lists { get; init; }

    /// <summary>Recall@10.</summary>
    public double Recall10 { get; init; }

    /// <summary>NDCG@10.</summary>
    public double Ndcg10 { get; init; }

    /// <summary>The version that it was compared with.</summary>
    public string? Replaced { get; init; }

    /// <summary>Recall@10 of that version.</summary>
    public double ReplacedRecall10 { get; init; }

    /// <summary>NDCG@10 of that version.</summary>
    public double ReplacedNdcg10 { get; init; }

    /// <summary>Of the difference between the two NDCG@10; a difference below it is chance.</summary>
    public double StandardError { get; init; }

    /// <summary>Whether the model was trained on events of that day, which flatters it.</summary>
    public bool HasSeenPeriod { get; init; }
}

/// <summary>What came of a change of the model.</summary>
public sealed record ModelChange
{
    /// <summary>The version that ranks now.</summary>
    public string Current { get; init => field = value ?? ""; } = "";

    /// <summary>What is known of it; null for <c>untrained</c>.</summary>
    public ModelVersion? Version { get; init; }
}
