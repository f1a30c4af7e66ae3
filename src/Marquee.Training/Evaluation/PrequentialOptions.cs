namespace Marquee.Training.Evaluation;

/// <summary>How a stream is cut into training, validation and test.</summary>
public sealed record PrequentialOptions
{
    /// <summary>Share of the events, by time, that only train.</summary>
    public double TrainShare { get; init; } = 0.60;

    /// <summary>Share of the events after them that choose hyper-parameters; the rest is the test.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>Zero: each event is learned before the next is ranked. Otherwise events are learned together at each multiple of this stream time.</summary>
    public TimeSpan Staleness { get; init; }

    /// <summary>Leaves the test out, for tuning.</summary>
    public bool ValidationOnly { get; init; }

    /// <summary>The index of the first event of the validation period.</summary>
    public int ValidationFrom(int events) => (int)(events * TrainShare);

    /// <summary>The index of the first event of the test period.</summary>
    public int TestFrom(int events) => (int)(events * (TrainShare + ValidationShare));
}
