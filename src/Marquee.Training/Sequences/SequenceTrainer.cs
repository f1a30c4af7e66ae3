using Marquee.Engine.Models;

namespace Marquee.Training.Sequences;

/// <summary>Trains a <see cref="SequenceTower"/> on a history: each positive is predicted from the steps before it, against the other titles.</summary>
/// <remarks>
/// GRU4Rec (Hidasi et al. 2016) with a softmax over all titles, or, of many, over titles drawn with a correction for the draw (Jean et al. 2015).
/// Deterministic for the same history and seed.
/// </remarks>
internal static class SequenceTrainer
{
    /// <summary>Fewer positives behind another event than this teach nothing.</summary>
    public const int FewestTargets = 200;

    /// <summary>Trains a tower, without a content tower.</summary>
    /// <param name="history">The history.</param>
    /// <param name="options">Hyper-parameters and seed.</param>
    /// <param name="start">A tower of the same shape to go on from; null starts from nothing and finds out on the tail when to stop.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>Null when there is too little to learn from, or when it predicts the tail no better than popularity does.</returns>
    public static SequenceTower? Train(
        SequenceHistory history, SequenceOptions options, SequenceTower? start = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var events = history.Viewers.Sum(static viewer => viewer.Length);
        var everything = SequenceWindow.Cut(history.Viewers, options.Length, 0, int.MaxValue);
        if (events < FewestTargets || everything.Sum(static window => window.To + 1 - window.PredictFrom) < FewestTargets)
        {
            return null;
        }

        var isWarm = options.WarmEpochs > 0 && start is not null && start.Dimension == options.Dimension && start.Network.Hidden == options.Hidden;
        var network = isWarm ? Copy(start!.Network) : SequenceInitialisation.Network(options);
        var vectors = SequenceInitialisation.Vectors(history, options, isWarm ? start : null, cancellation);
        var stepper = new SequenceStepper(network, vectors, history.Positives, options, cancellation);
        var random = new Random(options.Seed);
        if (isWarm)
        {
            for (var epoch = 0; epoch < options.WarmEpochs; epoch++)
            {
                Pass(stepper, everything, options, options.LearningRate * options.WarmRate, random);
                progress?.Report((epoch + 1.0) / options.WarmEpochs);
            }

            return new SequenceTower(network, options.Length, history.TitleIds, vectors, null);
        }

        if (!TrainUntilTail(history, stepper, options, random, progress))
        {
            return null;
        }

        for (var epoch = 0; epoch < options.TailEpochs; epoch++)
        {
            Pass(stepper, everything, options, options.LearningRate * options.WarmRate, random);
        }

        progress?.Report(1);
        return new SequenceTower(network, options.Length, history.TitleIds, vectors, null);
    }

    /// <summary>Trains on all but the tail until the tail is predicted no better; leaves the best weights.</summary>
    /// <returns>Whether they are better than popularity alone.</returns>
    private static bool TrainUntilTail(SequenceHistory history, SequenceStepper stepper, SequenceOptions options, Random random, IProgress<double>? progress)
    {
        var split = history.SplitAt(1 - options.TailShare);
        var windows = SequenceWindow.Cut(history.Viewers, options.Length, 0, split);
        var validation = new SequenceValidation(SequenceWindow.Cut(history.Viewers, options.Length, split, int.MaxValue), options);
        var popularity = validation.Measure(stepper, withoutNetwork: true);
        options.Trace?.Invoke($"0: tail {validation.Measure(stepper, withoutNetwork: false):0.00000} (popularity {popularity:0.00000})");
        var (best, waited) = (double.NegativeInfinity, 0);
        float[][] kept = [];
        for (var epoch = 0; epoch < options.Epochs && waited < options.Patience; epoch++)
        {
            var loss = Pass(stepper, windows, options, options.LearningRate, random);
            var value = validation.Measure(stepper, withoutNetwork: false);
            options.Trace?.Invoke($"{epoch + 1}: loss {loss:0.0000}, tail {value:0.00000} (popularity {popularity:0.00000})");
            (best, waited) = value > best ? (value, 0) : (best, waited + 1);
            if (waited == 0)
            {
                kept = [[.. stepper.Vectors], .. stepper.Network.Parameters.Select(static weights => (float[])[.. weights])];
            }

            progress?.Report((epoch + 1.0) / (options.Epochs + options.TailEpochs));
        }

        kept[0].CopyTo(stepper.Vectors, 0);
        for (var i = 0; i < stepper.Network.Parameters.Length; i++)
        {
            kept[i + 1].CopyTo(stepper.Network.Parameters[i], 0);
        }

        return best > popularity;
    }

    private static double Pass(SequenceStepper stepper, List<SequenceWindow> windows, SequenceOptions options, float rate, Random random)
    {
        SequenceWindow[] order = [.. windows];
        random.Shuffle(order);
        double loss = 0;
        var steps = 0;
        for (var from = 0; from < order.Length; from += options.BatchSize, steps++)
        {
            loss += stepper.Step(order[from..Math.Min(order.Length, from + options.BatchSize)], rate, random);
        }

        return loss / Math.Max(1, steps);
    }

    private static SequenceNetwork Copy(SequenceNetwork network) =>
        new(network.Dimension, network.Hidden, [.. network.Parameters.Select(static weights => (float[])[.. weights])]);
}
