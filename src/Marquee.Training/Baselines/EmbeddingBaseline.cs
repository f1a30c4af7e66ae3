using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Training.Data;
using Marquee.Training.Models;

namespace Marquee.Training.Baselines;

/// <summary>iALS (Rendle et al. 2021, arXiv 2110.14037), retrained as the stream goes on; users are folded in live, with recency.</summary>
/// <param name="data">The data set.</param>
/// <param name="options">Hyper-parameters.</param>
/// <param name="decay">Weight of each older title of the user against the next newer one.</param>
public sealed class EmbeddingBaseline(InteractionDataSet data, EmbeddingOptions options, double decay)
    : ScoreBaseline($"iALS d={options.Dimension}, recency {decay:0.##}", data)
{
    private readonly RecentTitles _recent = new(data.UserIds.Count, 100);
    private readonly Dictionary<string, int> _index = data.Titles.Select(static (title, i) => (title.TitleId, i)).ToDictionary(static pair => pair.TitleId, static pair => pair.i);
    private readonly string[] _titleIds = [.. data.Titles.Select(static title => title.TitleId)];
    private EmbeddingModel? _model;
    private int[] _titles = [];
    private double[] _precision = [];

    /// <inheritdoc/>
    public override void Retrain(ReadOnlyMemory<Interaction> past)
    {
        _model = ModelTrainer.TrainEmbeddings(past.Span, options, _model, out _) ?? _model;
        _titles = [.. _model?.TitleIds.Select(id => _index[id]) ?? []];
        _precision = new double[options.Dimension * options.Dimension];
    }

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        if (_model is null)
        {
            return;
        }

        var d = _model.Dimension;
        _model.Prior.CopyTo(_precision, 0);
        var solution = new double[d];
        var row = new double[d];
        var weight = 1.0;
        var recent = _recent.Of(user);
        for (var i = recent.Count - 1; i >= 0 && weight > 1e-3; i--)
        {
            var embedding = _model.Of(_titleIds[recent[i]]);
            if (embedding.IsEmpty)
            {
                continue;
            }

            TensorPrimitives.ConvertTruncating(embedding, row);
            GramMatrix.AddOuterProduct(_precision, row, weight);
            TensorPrimitives.MultiplyAdd(row, weight, solution, solution);
            weight *= decay;
        }

        GramMatrix.Factor(_precision, d);
        GramMatrix.Solve(_precision, solution);
        var query = new float[d];
        TensorPrimitives.ConvertTruncating<double, float>(solution, query);
        for (var i = 0; i < _titles.Length; i++)
        {
            scores[_titles[i]] = TensorPrimitives.Dot(query, _model.Embeddings.AsSpan(i * d, d));
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now) => _recent.Add(user, title);
}
