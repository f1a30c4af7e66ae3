using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Models;

namespace Marquee.Training.Sequences;

/// <summary>Moves a network and its title vectors by one step at a time, on several processors.</summary>
/// <remarks>A step is cut into a fixed number of parts whose gradients are added in their order: the result does not depend on how many processors there are.</remarks>
internal sealed class SequenceStepper
{
    private const int Parts = 4;
    private const int RowsAtATime = 256;

    private readonly SequenceOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly CandidateTitles _candidates;
    private readonly SequencePass[] _passes;
    private readonly Adam[] _network;
    private readonly Adam _titles;
    private readonly float[] _gradients;
    private readonly bool[] _isTouched;
    private readonly List<int> _touched = [];
    private float[] _candidateRows = [];
    private float[] _candidateVectors = [];
    private int _steps;

    /// <summary>Prepares steps from where the weights are.</summary>
    public SequenceStepper(SequenceNetwork network, float[] vectors, double[] positives, SequenceOptions options, CancellationToken cancellation)
    {
        (Network, Vectors, _options) = (network, vectors, options);
        _parallel = TrainingThreads.Loop(options.Parallelism, cancellation);
        _candidates = new CandidateTitles(positives, options.MostCandidates);
        _passes = [.. Enumerable.Range(0, Parts).Select(_ => new SequencePass(network.Dimension, network.Hidden))];
        _network = [.. network.Parameters.Select(static weights => new Adam(weights, weights.Length))];
        _titles = new Adam(vectors, network.Dimension);
        (_gradients, _isTouched) = (new float[vectors.Length], new bool[positives.Length]);
    }

    /// <summary>The network.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>float32[titles, d].</summary>
    public float[] Vectors { get; }

    /// <summary>float32[titles]: logarithm of the popularity.</summary>
    public ReadOnlySpan<float> Popularity => _candidates.Popularity;

    /// <summary>One step.</summary>
    /// <param name="windows">The windows to learn from.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="random">Draws candidates and what is left out.</param>
    public void Step(SequenceWindow[] windows, float rate, Random random)
    {
        _candidates.Draw(windows.SelectMany(static window => window.Events[window.PredictFrom..(window.To + 1)]).Where(static step => step.Kind == 0).Select(static step => step.Row), random);
        GatherCandidates();
        var seed = (ulong)random.NextInt64();
        Parallel.For(0, Parts, _parallel, part =>
        {
            var own = windows.AsSpan(windows.Length * part / Parts, (windows.Length * (part + 1) / Parts) - (windows.Length * part / Parts));
            _passes[part].Run(
                Network, Vectors, own, _candidates, _candidateVectors.AsSpan(0, _candidates.Rows.Count * Network.Dimension), _candidateRows, new Dropout(_options.Dropout, seed + (ulong)part));
        });
        var targets = _passes.Sum(static pass => pass.Windows.Targets.Count);
        if (targets == 0)
        {
            return;
        }

        _steps++;
        MoveNetwork(rate, 1f / targets);
        MoveTitles(rate, 1f / targets);
    }

    private void GatherCandidates()
    {
        var (d, count) = (Network.Dimension, _candidates.Rows.Count);
        if (_candidateRows.Length < count * d)
        {
            (_candidateRows, _candidateVectors) = (new float[count * d], new float[count * d]);
        }

        for (var place = 0; place < count; place++)
        {
            var vector = Vectors.AsSpan(_candidates.Rows[place] * d, d);
            vector.CopyTo(_candidateRows.AsSpan(place * d));
            for (var k = 0; k < d; k++)
            {
                _candidateVectors[(k * count) + place] = vector[k];
            }
        }
    }

    private void MoveNetwork(float rate, float scale)
    {
        for (var i = 0; i < _network.Length; i++)
        {
            var sum = _passes[0].Gradients[i];
            for (var part = 1; part < Parts; part++)
            {
                TensorPrimitives.Add(sum, _passes[part].Gradients[i], sum);
            }

            TensorPrimitives.Multiply(sum, scale, sum);
            _network[i].Move(0, sum, _steps, rate, i is SequenceNetwork.GateBiases or SequenceNetwork.WaitGates ? 0 : _options.WeightDecay);
        }
    }

    private void MoveTitles(float rate, float scale)
    {
        var d = Network.Dimension;
        foreach (var row in _candidates.Rows)
        {
            Touch(row);
        }

        foreach (var pass in _passes)
        {
            for (var step = 0; step < pass.Windows.Count; step++)
            {
                var row = pass.Windows.Rows[step];
                Touch(row);
                var into = _gradients.AsSpan(row * d, d);
                TensorPrimitives.Add(into, pass.InputGradients.Slice(step * d, d), into);
            }
        }

        var pieces = (_touched.Count + RowsAtATime - 1) / RowsAtATime;
        Parallel.For(0, pieces, _parallel, piece =>
        {
            foreach (var row in CollectionsMarshal.AsSpan(_touched)[(piece * RowsAtATime)..Math.Min(_touched.Count, (piece + 1) * RowsAtATime)])
            {
                var gradient = _gradients.AsSpan(row * d, d);
                var place = _candidates.PlaceOf(row);
                foreach (var pass in _passes)
                {
                    if (place >= 0 && pass.Windows.Targets.Count > 0)
                    {
                        TensorPrimitives.Add(gradient, pass.CandidateGradients.Slice(place * d, d), gradient);
                    }
                }

                TensorPrimitives.Multiply(gradient, scale, gradient);
                _titles.Move(row, gradient, _steps, rate, _options.WeightDecay);
                gradient.Clear();
                _isTouched[row] = false;
            }
        });
        _touched.Clear();
    }

    private void Touch(int row)
    {
        if (!_isTouched[row])
        {
            _isTouched[row] = true;
            _touched.Add(row);
        }
    }
}
