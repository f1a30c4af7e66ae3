using System.Numerics.Tensors;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Models;

/// <summary>Title embeddings of implicit alternating least squares, and what folding a viewer in takes.</summary>
/// <remarks>Hu, Koren, Volinsky 2008; hyper-parameters named as by Rendle et al. 2021 (arXiv 2110.14037). Immutable.</remarks>
public sealed class EmbeddingModel
{
    private readonly TitleRows _rows;
    private readonly double[]?[] _whitened;
    private double[]? _priorFactor;

    /// <summary>Creates a model.</summary>
    /// <param name="dimension">d, above 0.</param>
    /// <param name="titleIds">n titles.</param>
    /// <param name="embeddings">float32[n, d], row-major; row i belongs to title i.</param>
    /// <param name="unobservedWeight">α0, the weight of every pair that was not observed.</param>
    /// <param name="regularisation">λ of a viewer, already scaled.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public EmbeddingModel(int dimension, string[] titleIds, float[] embeddings, float unobservedWeight, float regularisation)
    {
        if (dimension <= 0 || embeddings.Length != titleIds.Length * dimension)
        {
            throw new ArgumentException($"{titleIds.Length} titles of {dimension} dimensions take {titleIds.Length * dimension} numbers, not {embeddings.Length}.");
        }

        (Dimension, TitleIds, Embeddings) = (dimension, titleIds, embeddings);
        (UnobservedWeight, Regularisation) = (unobservedWeight, regularisation);
        (_rows, _whitened) = (new TitleRows(titleIds), new double[titleIds.Length][]);
        Prior = GramMatrix.WeightedWithRidge(embeddings, dimension, unobservedWeight, regularisation);
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The titles, in row order.</summary>
    public string[] TitleIds { get; }

    /// <summary>float32[n, d], row-major.</summary>
    public float[] Embeddings { get; }

    /// <summary>α0.</summary>
    public float UnobservedWeight { get; }

    /// <summary>λ of a viewer.</summary>
    public float Regularisation { get; }

    /// <summary>float64[d, d]: α0·YᵀY + λI, the precision of a viewer without events.</summary>
    internal double[] Prior { get; }

    /// <summary>The embedding of a title, float32[d]; empty when the model does not know it.</summary>
    public ReadOnlySpan<float> Of(string titleId) => _rows.Of(titleId) is >= 0 and var row ? Row(row) : [];

    /// <summary>float64[d, d]: U, above the diagonal and on it, with UᵀU = <see cref="Prior"/>.</summary>
    /// <remarks>Computed once, for most models are never folded into. Threads that do it at once get the same; as for <see cref="Whitened"/>.</remarks>
    internal double[] PriorFactor
    {
        get
        {
            if (_priorFactor is null)
            {
                var factor = Prior.AsSpan().ToArray();
                NormalEquations.Factor(factor, Dimension);
                _priorFactor = factor;
            }

            return _priorFactor;
        }
    }

    /// <summary>The row of a title's embedding; −1 when the model does not know it.</summary>
    internal int RowOf(int number, TitleTable titles) => _rows.Of(number, titles);

    /// <summary>The embedding in a row, float32[d].</summary>
    internal ReadOnlySpan<float> Row(int row) => Embeddings.AsSpan(row * Dimension, Dimension);

    /// <summary>z with Uᵀz = the embedding in a row, float64[d]: in its terms the prior is the identity.</summary>
    internal double[] Whitened(int row)
    {
        if (_whitened[row] is { } known)
        {
            return known;
        }

        var whitened = new double[Dimension];
        TensorPrimitives.ConvertTruncating(Row(row), whitened.AsSpan());
        NormalEquations.SolveTransposed(PriorFactor, whitened);
        return _whitened[row] = whitened;
    }
}
