using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Trains the newcomer model and the content tower beside it: lists of titles whose own events nobody may look at, one of which the viewer chose.</summary>
/// <remarks>
/// <para>Titles are dealt into folds. What metadata says of the titles of one fold (embedding, promise) is learned on the
/// other folds alone, so that a feature that names few titles cannot tell in training what it would not tell of a new one.
/// Each list is one positive of the past with others of its fold, drawn evenly; the weights are those of a conditional logit
/// over these lists (<see cref="ConditionalLogit"/>). The promises and the tower that are published are trained on all.</para>
/// <para>Cost: a tower (<see cref="RankingTowerTrainer"/>) and two regressions per fold and for all, on both cores, and
/// O(lists · candidates · (d + features)).</para>
/// </remarks>
internal static class NewcomerTrainer
{
    private const int Folds = 5;
    private const int MostPairs = 50_000;
    private const float LeastScale = 1e-3f;

    /// <summary>Trains a model.</summary>
    /// <param name="past">Events in time order.</param>
    /// <param name="catalogue">The titles.</param>
    /// <param name="titles">The titles with an embedding.</param>
    /// <param name="weights">float64[titles]: how well each title's embedding is known.</param>
    /// <param name="embeddings">The trained embeddings.</param>
    /// <param name="seed">Draws the rivals.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>The tower and the model that reads what it predicts; they belong together.</returns>
    public static (ContentTower Tower, NewcomerModel Newcomers) Train(
        ReadOnlySpan<Interaction> past,
        CatalogueSnapshot catalogue,
        IReadOnlyList<TitleEntry> titles,
        double[] weights,
        EmbeddingModel embeddings,
        int seed,
        CancellationToken cancellation)
    {
        var positives = CountPositives(past, titles);
        var source = new NewcomerFold.Source(new SparseRidge(titles), titles, positives, weights, embeddings, ViewerPairs.Of(past, titles, embeddings, MostPairs, cancellation));
        var folds = new NewcomerFold[Folds + 1];

        // The last one leaves no fold out.
        Parallel.For(0, Folds + 1, TrainingThreads.Loop(cancellation), fold =>
            folds[fold] = NewcomerFold.Train(source, title => title % Folds != fold, seed, cancellation));
        var learner = new NewcomerLists(catalogue, embeddings, titles, positives, seed, Folds);
        for (var fold = 0; fold < Folds; fold++)
        {
            learner.SetFold(fold, source.Features, folds[fold]);
        }

        learner.Gather(past, cancellation);
        var (byCount, byBias, byRegression) = learner.Blend();
        var learned = learner.Learn();
        var (promises, biases, tower, regression) = folds[Folds];
        TensorPrimitives.MultiplyAdd(regression, byRegression, tower, tower);
        var scale = ScaleOf(source.Features, titles, weights, embeddings, tower);
        TensorPrimitives.Multiply(tower, scale, tower);
        foreach (var feature in (ReadOnlySpan<int>)[NewcomerModel.Embedding, NewcomerModel.EmbeddingRecent, NewcomerModel.Direction, NewcomerModel.DirectionRecent])
        {
            var row = learned.AsSpan(feature * TasteContext.Count, TasteContext.Count);
            TensorPrimitives.Divide(row, scale, row);
        }

        return (
            new ContentTower(embeddings.Dimension, source.Features.Features, tower),
            new NewcomerModel(source.Features.Features, [.. promises.Select((value, i) => (float)((byCount * value) + (byBias * biases[i])))], learned));
    }

    /// <summary>What predicted embeddings are multiplied by to come nearest to the trained ones: until a title is trained, the ranker takes the one for the other.</summary>
    private static float ScaleOf(SparseRidge regression, IReadOnlyList<TitleEntry> titles, double[] weights, EmbeddingModel embeddings, float[] tower)
    {
        var predicted = new float[embeddings.Dimension];
        double products = 0, squares = 0;
        for (var title = 0; title < titles.Count; title++)
        {
            regression.Predict(title, tower, predicted);
            products += weights[title] * TensorPrimitives.Dot(predicted, embeddings.Of(titles[title].TitleId));
            squares += weights[title] * TensorPrimitives.SumOfSquares<float>(predicted);
        }

        return (float)Math.Max(LeastScale, products / Math.Max(1e-9, squares));
    }

    private static double[] CountPositives(ReadOnlySpan<Interaction> past, IReadOnlyList<TitleEntry> titles)
    {
        var indices = new Dictionary<string, int>(titles.Count, StringComparer.Ordinal);
        for (var i = 0; i < titles.Count; i++)
        {
            indices.Add(titles[i].TitleId, i);
        }

        var counts = new double[titles.Count];
        foreach (ref readonly var interaction in past)
        {
            if (interaction.IsPositive && indices.TryGetValue(interaction.Event.TitleId, out var title))
            {
                counts[title]++;
            }
        }

        return counts;
    }
}
