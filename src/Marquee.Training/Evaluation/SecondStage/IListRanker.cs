namespace Marquee.Training.Evaluation.SecondStage;

/// <summary>A second stage that was fitted on lists: scores the candidates of one list.</summary>
public interface IListRanker
{
    /// <summary>Scores candidates.</summary>
    /// <param name="features">float32[n, <see cref="ListFeatures.Count"/>], row-major; row i belongs to candidate i.</param>
    /// <param name="scores">float64[n], overwritten; higher is better.</param>
    void Score(ReadOnlySpan<float> features, Span<double> scores);
}

/// <summary>A way to fit a second stage, with its hyper-parameters.</summary>
public interface IListRankerTrainer
{
    /// <summary>Hyper-parameters, printed in result tables.</summary>
    string Name { get; }

    /// <summary>Fits to lists in which one candidate each was chosen.</summary>
    /// <param name="lists">At least one list.</param>
    IListRanker Fit(IReadOnlyList<TrainingList> lists);
}

/// <summary>Some candidates of one ranking, one of which the viewer chose.</summary>
/// <param name="Features">float32[n, <see cref="ListFeatures.Count"/>], row-major.</param>
/// <param name="Target">The index of the chosen candidate.</param>
public sealed record TrainingList(float[] Features, int Target);
