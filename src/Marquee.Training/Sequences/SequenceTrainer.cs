using Marquee.Engine.Models;

namespace Marquee.Training.Sequences;

/// <summary>Trains a <see cref="SequenceTower"/> on a history: each positive is predicted from the steps before it, against the other titles.</summary>
/// <remarks>
/// GRU4Rec (Hidasi et al. 2016) with a softmax over all titles, or, of many, over titles drawn with a correction for the draw (Jean et al. 2015).
/// Deterministic for the same history and seed.
/// </remarks>
internal static class SequenceTrainer
{
    /// <summary>Fewer events behind another one than this teach nothing.</summary>
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
        var everything = SequenceWindow.Cut(history.Viewers, options.Length, 0, int.MaxValue);
        if (everything.Sum(static window => window.To + 1 - window.PredictFrom) < FewestTargets)
        {
            return null;
        }

        var isWarm = options.WarmEpochs > 0 && start is not null && start.Dimension == options.Dimension && start.Network.Hidden == options.Hidden;
        var vectors = SequenceInitialisation.Vectors(history, options, isWarm ? start : null, cancellation);
        var random = new Random(options.Seed);
        if (isWarm)
        {
            var stepper = new SequenceStepper(Copy(start!.Network), vectors, history.Positives, options, cancellation);
            for (var epoch = 0; epoch < options.WarmEpochs; epoch++)
            {
                Pass(stepper, everything, options, options.LearningRates[0] * options.WarmRate, random);
                progress?.Report((epoch + 1.0) / options.WarmEpochs);
            }

            return new SequenceTower(stepper.Network, options.Length, history.TitleIds, vectors, null);
        }

        if (TrainUntilTail(history, vectors, options, random, progress, cancellation) is not var (best, rate))
        {
            return null;
        }

        for (var epoch = 0; epoch < options.TailEpochs; epoch++)
        {
            Pass(best, everything, options, rate * options.WarmRate, random);
        }

        progress?.Report(1);
        return new SequenceTower(best.Network, options.Length, history.TitleIds, best.Vectors, null);
    }

    /// <summary>Trains on all but the tail with each step size, until the tail is predicted no better.</summary>
    /// <remarks>
    /// Where the next title hangs on the order of several, small steps do not get beyond what single titles say; where there is
    /// less to learn, large ones learn by heart. The tail tells which it is.
    /// </remarks>
    /// <returns>The best weights and their step size; null when popularity alone is as good.</returns>
    private static (SequenceStepper Best, float Rate)? TrainUntilTail(
        SequenceHistory history, float[] vectors, SequenceOptions options, Random random, IProgress<double>? progress, CancellationToken cancellation)
    {
        var split = history.SplitAt(1 - options.TailShare);
        var windows = SequenceWindow.Cut(history.Viewers, options.Length, 0, split);
        var validation = new SequenceValidation(SequenceWindow.Cut(history.Viewers, options.Length, split, int.MaxValue), options);
        (SequenceStepper, float)? best = null;
        var most = double.NegativeInfinity;
        for (var i = 0; i < options.LearningRates.Length; i++)
        {
            var rate = options.LearningRates[i];
            var stepper = new SequenceStepper(SequenceInitialisation.Network(options), [.. vectors], history.Positives, options, cancellation);
            most = Math.Max(most, validation.Measure(stepper, withoutNetwork: true));
            var (kept, waited) = (Weights(stepper), 0);
            var bestOfRate = double.NegativeInfinity;
            for (var epoch = 0; epoch < options.Epochs && waited < options.Patience; epoch++)
            {
                Pass(stepper, windows, options, rate, random);
                var value = validation.Measure(stepper, withoutNetwork: false);
                (bestOfRate, waited) = value > bestOfRate ? (value, 0) : (bestOfRate, waited + 1);
                kept = waited == 0 ? Weights(stepper) : kept;
                progress?.Report((i + ((epoch + 1.0) / options.Epochs)) / (options.LearningRates.Length + 0.2));
            }

            if (bestOfRate > most)
            {
                kept[0].CopyTo(stepper.Vectors, 0);
                for (var array = 1; array < kept.Length; array++)
                {
                    kept[array].CopyTo(stepper.Network.Parameters[array - 1], 0);
                }

                (best, most) = ((stepper, rate), bestOfRate);
            }
        }

        return best;
    }

    private static float[][] Weights(SequenceStepper stepper) =>
        [[.. stepper.Vectors], .. stepper.Network.Parameters.Select(static weights => (float[])[.. weights])];

    /// <summary>Learns from all windows once, in a new order.</summary>
    private static void Pass(SequenceStepper stepper, List<SequenceWindow> windows, SequenceOptions options, float rate, Random random)
    {
        SequenceWindow[] order = [.. windows];
        random.Shuffle(order);
        for (var from = 0; from < order.Length; from += options.BatchSize)
        {
            stepper.Step(order[from..Math.Min(order.Length, from + options.BatchSize)], rate, random);
        }
    }

    private static SequenceNetwork Copy(SequenceNetwork network) =>
        new(network.Dimension, network.Hidden, [.. network.Parameters.Select(static weights => (float[])[.. weights])]);
}
