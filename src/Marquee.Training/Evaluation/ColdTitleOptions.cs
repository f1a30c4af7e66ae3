namespace Marquee.Training.Evaluation;

/// <summary>How the cold-title protocol is run.</summary>
public sealed record ColdTitleOptions
{
    /// <summary>Chooses the hidden titles. Hyper-parameters are chosen on other seeds than those that are reported.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of the titles that is hidden, 0 to 1.</summary>
    public double HiddenShare { get; init; } = 0.1;

    /// <summary>Share of the events, by time, before which nothing is asked: nothing is known of anything yet.</summary>
    public double WarmUpShare { get; init; } = 0.25;
}
