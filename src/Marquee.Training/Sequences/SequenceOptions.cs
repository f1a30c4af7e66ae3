using Marquee.Training.Models;

namespace Marquee.Training.Sequences;

/// <summary>Hyper-parameters of <see cref="SequenceTrainer"/>.</summary>
public sealed record SequenceOptions
{
    /// <summary>d of title vectors and queries; a multiple of 16 for speed.</summary>
    public int Dimension { get; init; } = 48;

    /// <summary>h, units of the recurrent network; a multiple of 16 for speed.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>The most steps that a sequence has, the newest; as many as serving reads.</summary>
    public int Length { get; init; } = 50;

    /// <summary>The most passes over the history, from nothing.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Passes that go on from a tower trained on less of the same history; 0 trains from nothing each time.</summary>
    public int WarmEpochs { get; init; }

    /// <summary>Passes over all of the history, after those that left its tail out to tell when to stop.</summary>
    public int TailEpochs { get; init; } = 1;

    /// <summary>Training stops after this many passes without gain on the tail.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>Share of the history, the newest, that tells when to stop.</summary>
    public double TailShare { get; init; } = 0.1;

    /// <summary>Step sizes of Adam that are tried; the tail chooses.</summary>
    public float[] LearningRates { get; init; } = [0.001f, 0.005f];

    /// <summary>Step size of passes that go on from something, against the first ones'.</summary>
    public float WarmRate { get; init; } = 0.5f;

    /// <summary>Length of the vectors of well-known titles before training.</summary>
    public float VectorScale { get; init; } = 1;

    /// <summary>How long a state keeps what it has seen, before training: the share that is left after one more step.</summary>
    public float Memory { get; init; } = 0.8f;

    /// <summary>Scale of queries before training.</summary>
    public float QueryScale { get; init; } = 16;

    /// <summary>Standard deviation of what else is random in the network before training.</summary>
    public float Noise { get; init; } = 0.1f;

    /// <summary>Hyper-parameters of the factorisation whose title vectors training starts from.</summary>
    public EmbeddingOptions Embeddings { get; init; } = new() { Sweeps = 6 };

    /// <summary>How much weights shrink towards 0, per step and step size.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Share of the numbers of inputs and states that is left out at random in training.</summary>
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Sequences per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most titles that a positive is set against; of more, as many are drawn anew for each step.</summary>
    public int MostCandidates { get; init; } = 4096;

    /// <summary>Start of all that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many parts of a step are computed at a time. Does not change the result.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
