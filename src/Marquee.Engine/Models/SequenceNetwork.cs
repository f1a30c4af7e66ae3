using System.Numerics.Tensors;

namespace Marquee.Engine.Models;

/// <summary>The user tower: a gated recurrent network over a viewer's last titles, and the query that its state makes. Immutable but for whoever trains it.</summary>
/// <remarks>
/// The idea of GRU4Rec (Hidasi et al. 2016): x = title vector + vector of the gap before it + vector of its kind;
/// h' = GRU(x, h); query = (h ⊙ gate of the wait) Q + vector of the wait, where the wait is the time since the last step.
/// Training and serving share <see cref="Describe"/>, <see cref="Forward"/> and <see cref="Query"/>.
/// </remarks>
public sealed class SequenceNetwork
{
    /// <summary>Index of the gaps' vectors among <see cref="Parameters"/>, float32[gaps, d].</summary>
    public const int GapVectors = 0;

    /// <summary>Of the kinds' vectors, float32[kinds, d].</summary>
    public const int KindVectors = 1;

    /// <summary>Of W, float32[d, 3h].</summary>
    public const int InputWeights = 2;

    /// <summary>Of b, float32[3h].</summary>
    public const int GateBiases = 3;

    /// <summary>Of U, float32[h, 3h].</summary>
    public const int RecurrentWeights = 4;

    /// <summary>Of the waits' gates, float32[gaps, h].</summary>
    public const int WaitGates = 5;

    /// <summary>Of Q, float32[h, d].</summary>
    public const int QueryWeights = 6;

    /// <summary>Of the waits' vectors, float32[gaps, d].</summary>
    public const int WaitVectors = 7;

    private const int Gates = GatedRecurrentUnit.Gates;

    /// <summary>Creates a network.</summary>
    /// <param name="dimension">d, above 0.</param>
    /// <param name="hidden">h, above 0.</param>
    /// <param name="parameters">Eight arrays, by the indices above.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public SequenceNetwork(int dimension, int hidden, float[][] parameters)
    {
        var sizes = SizesOf(dimension, hidden);
        if (dimension <= 0 || hidden <= 0 || !parameters.Select(static values => values.Length).SequenceEqual(sizes))
        {
            throw new ArgumentException($"A sequence network of {dimension} dimensions and {hidden} hidden units takes arrays of {string.Join(", ", sizes)} weights.");
        }

        (Dimension, Hidden, Parameters) = (dimension, hidden, parameters);
    }

    /// <summary>d: of title vectors and queries.</summary>
    public int Dimension { get; }

    /// <summary>h.</summary>
    public int Hidden { get; }

    /// <summary>All weights.</summary>
    public float[][] Parameters { get; }

    /// <summary>How many weights each array has.</summary>
    public static int[] SizesOf(int dimension, int hidden) =>
    [
        SequenceStep.Gaps * dimension, SequenceStep.Kinds * dimension, dimension * Gates * hidden, Gates * hidden,
        hidden * Gates * hidden, SequenceStep.Gaps * hidden, hidden * dimension, SequenceStep.Gaps * dimension,
    ];

    /// <summary>Adds to a title's vector what else is known of the step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">float32[d]: the title's vector; x afterwards.</param>
    public void Describe(SequenceStep step, Span<float> input)
    {
        TensorPrimitives.Add(input, Parameters[GapVectors].AsSpan(step.Gap * Dimension, Dimension), input);
        TensorPrimitives.Add(input, Parameters[KindVectors].AsSpan(step.Kind * Dimension, Dimension), input);
    }

    /// <summary>Runs sequences from states of zero, all steps of one place in the sequences together. O(steps · h · (d + h)), allocates nothing.</summary>
    /// <param name="active">How many sequences have a first step, a second and so on: never more than before. Their sum is n, and the rows below are in this order.</param>
    /// <param name="inputs">float32[n, d]: x.</param>
    /// <param name="gates">float32[n, 3h], overwritten by the gates.</param>
    /// <param name="recurrent">float32[n, 3h], overwritten by U h.</param>
    /// <param name="states">float32[n, h], overwritten: the state after each step.</param>
    public void Forward(ReadOnlySpan<int> active, ReadOnlySpan<float> inputs, Span<float> gates, Span<float> recurrent, Span<float> states)
    {
        var width = Gates * Hidden;
        for (var row = 0; row < gates.Length; row += width)
        {
            Parameters[GateBiases].CopyTo(gates[row..]);
        }

        DenseProduct.Add(inputs, Parameters[InputWeights], gates, gates.Length / width, Dimension, width);
        recurrent.Clear();
        int previous = 0, start = 0;
        foreach (var rows in active)
        {
            var now = states.Slice(start * Hidden, rows * Hidden);
            var last = states.Slice(previous * Hidden, rows * Hidden);
            var products = recurrent.Slice(start * width, rows * width);
            if (start == 0)
            {
                now.Clear();
                last = now;
            }
            else
            {
                DenseProduct.Add(last, Parameters[RecurrentWeights], products, rows, Hidden, width);
            }

            GatedRecurrentUnit.Step(gates.Slice(start * width, rows * width), products, last, now, Hidden);
            (previous, start) = (start, start + rows);
        }
    }

    /// <summary>The query that a state makes after a wait. O(h · d), allocates nothing.</summary>
    /// <param name="state">float32[h].</param>
    /// <param name="wait">Bucket of the time since the last step.</param>
    /// <param name="gated">float32[h], overwritten by the state ⊙ the wait's gate.</param>
    /// <param name="query">float32[d], overwritten.</param>
    public void Query(ReadOnlySpan<float> state, int wait, Span<float> gated, Span<float> query)
    {
        TensorPrimitives.Multiply(state, Parameters[WaitGates].AsSpan(wait * Hidden, Hidden), gated);
        QueryOfGated(gated, wait, query);
    }

    /// <summary>The second half of <see cref="Query"/>.</summary>
    /// <param name="gated">float32[h].</param>
    /// <param name="wait">Bucket of the time since the last step.</param>
    /// <param name="query">float32[d], overwritten.</param>
    public void QueryOfGated(ReadOnlySpan<float> gated, int wait, Span<float> query)
    {
        Parameters[WaitVectors].AsSpan(wait * Dimension, Dimension).CopyTo(query);
        DenseProduct.Add(gated, Parameters[QueryWeights], query, 1, Hidden, Dimension);
    }
}
