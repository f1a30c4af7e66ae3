using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Users;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Training.Models;

/// <summary>How well embeddings alone predict what viewers liked after the events that they are trained on.</summary>
/// <remarks>The mean over later positives of 1 / log2(1 + rank) among all titles with an embedding: NDCG without a cut, which moves with every rank.</remarks>
internal sealed class EmbeddingValidation
{
    private const int MostLists = 600;

    private readonly (UserTaste Taste, string TitleId)[] _lists;
    private readonly InProcessNode _node;

    /// <summary>Takes lists evenly from the positives behind a split.</summary>
    /// <param name="events">The history in time order.</param>
    /// <param name="split">Where training ends.</param>
    /// <param name="node">Has lived through the events before the split, and no others.</param>
    public EmbeddingValidation(Interaction[] events, int split, InProcessNode node)
    {
        _node = node;
        var later = new List<(UserTaste Taste, string TitleId)>();
        foreach (ref readonly var interaction in events.AsSpan(split))
        {
            var taste = node.TasteOf(interaction.Event.UserId);
            if (interaction.IsPositive && taste.Recent.Length > 0)
            {
                later.Add((taste, interaction.Event.TitleId));
            }
        }

        var every = Math.Max(1, later.Count / MostLists);
        _lists = [.. later.Where((_, i) => i % every == 0)];
    }

    /// <summary>Measures embeddings, higher is better; null where there is nothing to measure on.</summary>
    public Func<EmbeddingModel, double>? Measure => _lists.Length == 0 ? null : MeasureOf;

    private double MeasureOf(EmbeddingModel model)
    {
        var d = model.Dimension;
        var gains = new double[_lists.Length];
        Parallel.For(0, gains.Length, TrainingThreads.Loop(), i =>
        {
            var (taste, titleId) = _lists[i];
            var target = model.Of(titleId);
            if (target.IsEmpty)
            {
                return;
            }

            var viewer = FoldedTaste.Of(model, taste, _node.Titles).Recent;
            var score = TensorPrimitives.Dot<float>(viewer, target);
            var rank = 1;
            for (var row = 0; row < model.TitleIds.Length; row++)
            {
                rank += TensorPrimitives.Dot<float>(viewer, model.Embeddings.AsSpan(row * d, d)) > score ? 1 : 0;
            }

            gains[i] = 1 / Math.Log2(1 + rank);
        });
        return TensorPrimitives.Sum<double>(gains) / gains.Length;
    }
}
