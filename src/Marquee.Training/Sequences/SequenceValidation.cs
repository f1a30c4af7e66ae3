using System.Numerics.Tensors;

namespace Marquee.Training.Sequences;

/// <summary>How well a network predicts the positives of the tail.</summary>
/// <remarks>The mean over them of 1 / log2(1 + rank) among all titles: NDCG without a cut, which moves with every rank.</remarks>
internal sealed class SequenceValidation
{
    private const int MostWindows = 1_500;
    private const int Parts = 16;

    private readonly SequenceWindow[] _windows;
    private readonly SequenceOptions _options;
    private readonly SequencePass[] _passes;

    /// <summary>Takes windows evenly from those behind a split.</summary>
    public SequenceValidation(List<SequenceWindow> windows, SequenceOptions options)
    {
        var every = Math.Max(1, windows.Count / MostWindows);
        (_windows, _options) = ([.. windows.Where((_, i) => i % every == 0)], options);
        _passes = [.. Enumerable.Range(0, Parts).Select(_ => new SequencePass(options.Dimension, options.Hidden))];
    }

    /// <summary>Measures, higher is better; 0 where there is nothing to measure on.</summary>
    public double Measure(SequenceStepper stepper, bool withoutNetwork)
    {
        var (gains, counts) = (new double[Parts], new int[Parts]);
        Parallel.For(0, Parts, TrainingThreads.Loop(_options.Parallelism, CancellationToken.None), part =>
        {
            var own = _windows.AsSpan(_windows.Length * part / Parts, (_windows.Length * (part + 1) / Parts) - (_windows.Length * part / Parts));
            var queries = _passes[part].Queries(stepper.Network, stepper.Vectors, own);
            var targets = _passes[part].Windows.Targets;
            var (d, scores) = (stepper.Network.Dimension, new float[stepper.Popularity.Length]);
            for (var i = 0; i < targets.Count; i++)
            {
                stepper.Popularity.CopyTo(scores);
                for (var row = 0; row < scores.Length && !withoutNetwork; row++)
                {
                    scores[row] += TensorPrimitives.Dot<float>(queries.Slice(i * d, d), stepper.Vectors.AsSpan(row * d, d));
                }

                var right = scores[targets[i].Row];
                var above = 0;
                foreach (var score in scores)
                {
                    above += score > right ? 1 : 0;
                }

                gains[part] += 1 / Math.Log2(2 + above);
                counts[part]++;
            }
        });
        return counts.Sum() == 0 ? 0 : gains.Sum() / counts.Sum();
    }
}
