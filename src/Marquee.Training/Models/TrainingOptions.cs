using Marquee.Training.Sequences;

namespace Marquee.Training.Models;

/// <summary>How a model is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Names the model; null takes the time of the newest event.</summary>
    public string? Version { get; init; }

    /// <summary>The wall clock, to be noted in the model; milliseconds since the Unix epoch, 0 for none.</summary>
    public long TrainedAt { get; init; }

    /// <summary>Hyper-parameters of the embeddings, and the seed of all that is random.</summary>
    public EmbeddingOptions Embeddings { get; init; } = new();

    /// <summary>Hyper-parameters of the sequence tower; null does without.</summary>
    public SequenceOptions? Sequences { get; init; } = new();

    /// <summary>Share of the events whose embeddings the ranker learns to use on the rest.</summary>
    public double EmbeddingShare { get; init; } = 0.5;

    /// <summary>The most lists that the ranker learns from, spread evenly over its part of the history. About 3,000 a second.</summary>
    public int MostLists { get; init; } = 30_000;
}
