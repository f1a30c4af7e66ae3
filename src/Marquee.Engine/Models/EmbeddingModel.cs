namespace Marquee.Engine.Models;

/// <summary>Title embeddings of implicit alternating least squares, and what folding a viewer in takes.</summary>
/// <remarks>Hu, Koren, Volinsky 2008; hyper-parameters named as by Rendle et al. 2021 (arXiv 2110.14037). Immutable.</remarks>
public sealed class EmbeddingModel
{
    private readonly Dictionary<string, int> _rows;

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
        _rows = new Dictionary<string, int>(titleIds.Length, StringComparer.Ordinal);
        for (var i = 0; i < titleIds.Length; i++)
        {
            _rows[titleIds[i]] = i;
        }

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
    public ReadOnlySpan<float> Of(string titleId) =>
        _rows.TryGetValue(titleId, out var row) ? Embeddings.AsSpan(row * Dimension, Dimension) : [];
}
