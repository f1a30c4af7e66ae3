using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Models;

namespace Marquee.Training.Sequences;

/// <summary>Forward and backward over some windows: the loss, and its gradient by every weight. One per part of a step; not thread-safe.</summary>
/// <remarks>
/// Loss = −Σ log softmax(query · title + bias of the title) of each positive, over the candidate titles. Biases are
/// fixed at the logarithm of popularity, so that vectors learn only what speaks for a title beyond that (Menon et al. 2021, section 4).
/// Back through time over the whole window (Werbos 1990).
/// </remarks>
internal sealed class SequencePass
{
    /// <summary>Rows of scores at a time, so that they stay in the second cache.</summary>
    private const int ScoreRows = 32;

    private const int Gates = GatedRecurrentUnit.Gates;

    private readonly int _d;
    private readonly int _h;
    private readonly float[] _transposed;
    private readonly float[] _stateWeight;
    private readonly PassMemory _memory = new();

    /// <summary>Creates working memory for networks of a shape.</summary>
    public SequencePass(int dimension, int hidden)
    {
        (_d, _h) = (dimension, hidden);
        Gradients = [.. SequenceNetwork.SizesOf(dimension, hidden).Select(static size => new float[size])];
        (_transposed, _stateWeight) = (new float[Math.Max(dimension, hidden) * Gates * hidden], new float[hidden]);
    }

    /// <summary>The gradient by each of <see cref="SequenceNetwork.Parameters"/>.</summary>
    public float[][] Gradients { get; }

    /// <summary>The windows of the last run.</summary>
    public PackedWindows Windows { get; } = new();

    /// <summary>float32[steps, d]: the gradient by the titles' vectors as inputs.</summary>
    public ReadOnlySpan<float> InputGradients => _memory.Inputs;

    /// <summary>float32[candidates, d]: the gradient by the candidates' vectors.</summary>
    public ReadOnlySpan<float> CandidateGradients => _memory.CandidateGradients;

    /// <summary>Forward only: the queries of the windows' targets.</summary>
    /// <returns>float32[targets, d], valid until the next run.</returns>
    public ReadOnlySpan<float> Queries(SequenceNetwork network, float[] vectors, ReadOnlySpan<SequenceWindow> windows)
    {
        Windows.Pack(windows);
        Forward(network, vectors, default);
        return _memory.Queries;
    }

    /// <summary>Forward and backward.</summary>
    /// <param name="network">The network.</param>
    /// <param name="vectors">float32[titles, d].</param>
    /// <param name="windows">The windows.</param>
    /// <param name="candidates">Drawn for the step that these windows are part of.</param>
    /// <param name="candidateVectors">float32[d, candidates]: their vectors, transposed.</param>
    /// <param name="candidateRows">float32[candidates, d]: the same, not transposed.</param>
    /// <param name="dropout">Leaves numbers out; none by default.</param>
    /// <returns>The loss.</returns>
    public double Run(
        SequenceNetwork network,
        float[] vectors,
        ReadOnlySpan<SequenceWindow> windows,
        CandidateTitles candidates,
        ReadOnlySpan<float> candidateVectors,
        ReadOnlySpan<float> candidateRows,
        Dropout dropout)
    {
        Windows.Pack(windows);
        foreach (var gradient in Gradients)
        {
            Array.Clear(gradient);
        }

        Forward(network, vectors, dropout);
        var loss = Score(candidates, candidateVectors, candidateRows);
        BackToStates(network);
        BackThroughTime(network);
        return loss;
    }

    private void Forward(SequenceNetwork network, float[] vectors, Dropout dropout)
    {
        var (steps, targets) = (Windows.Count, Windows.Targets.Count);
        _memory.Fit(steps, targets, _d, _h);
        dropout.Fill(_memory.InputMask);
        dropout.Fill(_memory.StateMask);
        for (var i = 0; i < steps; i++)
        {
            var input = _memory.Inputs.Slice(i * _d, _d);
            TensorPrimitives.Multiply(vectors.AsSpan(Windows.Rows[i] * _d, _d), _memory.InputMask.Slice(i * _d, _d), input);
            network.Describe(Windows.Steps[i], input);
        }

        network.Forward(Windows.Active, _memory.Inputs, _memory.Gates, _memory.Recurrent, _memory.States);
        for (var i = 0; i < targets; i++)
        {
            var target = Windows.Targets[i];
            var gated = _memory.Gated.Slice(i * _h, _h);
            var mask = _memory.StateMask.Slice(i * _h, _h);
            network.Query(_memory.States.Slice(target.Step * _h, _h), target.Wait, gated, _memory.Queries.Slice(i * _d, _d));
            if (dropout.IsActive)
            {
                TensorPrimitives.Multiply(gated, mask, gated);
                network.QueryOfGated(gated, target.Wait, _memory.Queries.Slice(i * _d, _d));
            }
        }
    }

    /// <summary>The loss, and its gradient by queries and candidates.</summary>
    private double Score(CandidateTitles candidates, ReadOnlySpan<float> candidateVectors, ReadOnlySpan<float> candidateRows)
    {
        var (count, targets, loss) = (candidates.Rows.Count, Windows.Targets.Count, 0.0);
        _memory.FitCandidates(count, ScoreRows, _d);
        var biases = CollectionsMarshal.AsSpan(candidates.Biases);
        for (var from = 0; from < targets; from += ScoreRows)
        {
            var rows = Math.Min(ScoreRows, targets - from);
            var scores = _memory.Scores[..(rows * count)];
            for (var row = 0; row < rows; row++)
            {
                biases.CopyTo(scores[(row * count)..]);
            }

            var queries = _memory.Queries.Slice(from * _d, rows * _d);
            DenseProduct.Add(queries, candidateVectors, scores, rows, _d, count);
            for (var row = 0; row < rows; row++)
            {
                var all = scores.Slice(row * count, count);
                var right = candidates.PlaceOf(Windows.Targets[from + row].Row);
                TensorPrimitives.SoftMax(all, all);
                loss -= Math.Log(Math.Max(all[right], 1e-30));
                all[right] -= 1;
            }

            DenseProduct.Add(scores, candidateRows, _memory.QueryGradients.Slice(from * _d, rows * _d), rows, count, _d);
            DenseProduct.AddTransposed(scores, queries, _memory.CandidateGradients, count, rows, _d);
        }

        return loss;
    }

    private void BackToStates(SequenceNetwork network)
    {
        var targets = Windows.Targets.Count;
        DenseProduct.AddTransposed(_memory.Gated, _memory.QueryGradients, Gradients[SequenceNetwork.QueryWeights], _h, targets, _d);
        Transpose(network.Parameters[SequenceNetwork.QueryWeights], _h, _d);
        _memory.Gated.Clear();
        DenseProduct.Add(_memory.QueryGradients, _transposed, _memory.Gated, targets, _d, _h);
        _memory.StateGradients.Clear();
        for (var i = 0; i < targets; i++)
        {
            var (step, _, wait) = Windows.Targets[i];
            AddTo(Gradients[SequenceNetwork.WaitVectors], wait, _memory.QueryGradients.Slice(i * _d, _d));
            var gated = _memory.Gated.Slice(i * _h, _h);
            TensorPrimitives.Multiply(gated, _memory.StateMask.Slice(i * _h, _h), gated);
            TensorPrimitives.Multiply(gated, _memory.States.Slice(step * _h, _h), _stateWeight);
            AddTo(Gradients[SequenceNetwork.WaitGates], wait, _stateWeight);
            var into = _memory.StateGradients.Slice(step * _h, _h);
            TensorPrimitives.MultiplyAdd(gated, network.Parameters[SequenceNetwork.WaitGates].AsSpan(wait * _h, _h), into, into);
        }
    }

    private void BackThroughTime(SequenceNetwork network)
    {
        var width = Gates * _h;
        var start = Windows.Count;
        Transpose(network.Parameters[SequenceNetwork.RecurrentWeights], _h, width);
        _memory.Zeros(Windows.Active.IsEmpty ? 0 : Windows.Active[0] * _h);
        for (var place = Windows.Active.Length - 1; place >= 0; place--)
        {
            var rows = Windows.Active[place];
            start -= rows;
            var previous = place == 0 ? 0 : start - Windows.Active[place - 1];
            var before = place == 0 ? _memory.ZeroStates[..(rows * _h)] : _memory.States.Slice(previous * _h, rows * _h);
            var gradient = _memory.StateGradients.Slice(start * _h, rows * _h);
            var recurrent = _memory.Recurrent.Slice(start * width, rows * width);
            GatedRecurrentUnit.StepBack(_memory.Gates.Slice(start * width, rows * width), recurrent, before, gradient, _h);
            if (place > 0)
            {
                var into = _memory.StateGradients.Slice(previous * _h, rows * _h);
                TensorPrimitives.Add(into, gradient, into);
                DenseProduct.Add(recurrent, _transposed, into, rows, width, _h);
                DenseProduct.AddTransposed(before, recurrent, Gradients[SequenceNetwork.RecurrentWeights], _h, rows, width);
            }
        }

        BackToInputs(network);
    }

    private void BackToInputs(SequenceNetwork network)
    {
        var (steps, width) = (Windows.Count, Gates * _h);
        DenseProduct.AddTransposed(_memory.Inputs, _memory.Gates, Gradients[SequenceNetwork.InputWeights], _d, steps, width);
        for (var i = 0; i < steps; i++)
        {
            AddTo(Gradients[SequenceNetwork.GateBiases], 0, _memory.Gates.Slice(i * width, width));
        }

        Transpose(network.Parameters[SequenceNetwork.InputWeights], _d, width);
        _memory.Inputs.Clear();
        DenseProduct.Add(_memory.Gates, _transposed, _memory.Inputs, steps, width, _d);
        for (var i = 0; i < steps; i++)
        {
            var input = _memory.Inputs.Slice(i * _d, _d);
            AddTo(Gradients[SequenceNetwork.GapVectors], Windows.Steps[i].Gap, input);
            AddTo(Gradients[SequenceNetwork.KindVectors], Windows.Steps[i].Kind, input);
        }

        TensorPrimitives.Multiply(_memory.Inputs, _memory.InputMask, _memory.Inputs);
    }

    /// <summary>float32[rows, columns] to float32[columns, rows], into the shared memory for it.</summary>
    private void Transpose(float[] matrix, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                _transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }
    }

    private static void AddTo(float[] rows, int row, ReadOnlySpan<float> values)
    {
        var into = rows.AsSpan(row * values.Length, values.Length);
        TensorPrimitives.Add(into, values, into);
    }
}
