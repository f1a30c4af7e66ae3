namespace Marquee.Training.Sequences;

/// <summary>What a <see cref="SequencePass"/> computes on the way, in memory that grows and is used again.</summary>
internal sealed class PassMemory
{
    private readonly float[][] _arrays = new float[13][];
    private readonly int[] _lengths = new int[13];

    /// <summary>float32[steps, d].</summary>
    public Span<float> Inputs => Of(0);

    /// <summary>float32[steps, d]: 0 where a number is left out.</summary>
    public Span<float> InputMask => Of(1);

    /// <summary>float32[steps, 3h].</summary>
    public Span<float> Gates => Of(2);

    /// <summary>float32[steps, 3h].</summary>
    public Span<float> Recurrent => Of(3);

    /// <summary>float32[steps, h].</summary>
    public Span<float> States => Of(4);

    /// <summary>float32[steps, h].</summary>
    public Span<float> StateGradients => Of(5);

    /// <summary>float32[targets, h].</summary>
    public Span<float> Gated => Of(6);

    /// <summary>float32[targets, h]: 0 where a number is left out.</summary>
    public Span<float> StateMask => Of(7);

    /// <summary>float32[targets, d].</summary>
    public Span<float> Queries => Of(8);

    /// <summary>float32[targets, d].</summary>
    public Span<float> QueryGradients => Of(9);

    /// <summary>float32[candidates, d].</summary>
    public Span<float> CandidateGradients => Of(10);

    /// <summary>float32[some targets, candidates].</summary>
    public Span<float> Scores => Of(11);

    /// <summary>float32[sequences, h]: zeros.</summary>
    public Span<float> ZeroStates => Of(12);

    /// <summary>Makes room for a run.</summary>
    public void Fit(int steps, int targets, int dimension, int hidden)
    {
        int[] lengths =
        [
            steps * dimension, steps * dimension, steps * 3 * hidden, steps * 3 * hidden, steps * hidden, steps * hidden,
            targets * hidden, targets * hidden, targets * dimension, targets * dimension,
        ];
        for (var i = 0; i < lengths.Length; i++)
        {
            Fit(i, lengths[i]);
        }

        QueryGradients.Clear();
    }

    /// <summary>Makes room for scores, and forgets the gradients of candidates.</summary>
    public void FitCandidates(int candidates, int rows, int dimension)
    {
        Fit(10, candidates * dimension);
        Fit(11, rows * candidates);
        CandidateGradients.Clear();
    }

    /// <summary>Makes room for states before the first step.</summary>
    public void Zeros(int length)
    {
        Fit(12, length);
        ZeroStates.Clear();
    }

    private Span<float> Of(int index) => _arrays[index].AsSpan(0, _lengths[index]);

    private void Fit(int index, int length)
    {
        if (_arrays[index] is null || _arrays[index].Length < length)
        {
            _arrays[index] = new float[length + (length / 4)];
        }

        _lengths[index] = length;
    }
}
