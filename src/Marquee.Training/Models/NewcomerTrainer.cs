using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Trains the newcomer model: lists of titles whose own events nobody may look at, one of which the viewer chose.</summary>
/// <remarks>
/// <para>Titles are dealt into folds. What metadata says of the titles of one fold (embedding, promise) is regressed on the
/// other folds alone, so that a feature that names few titles cannot tell in training what it would not tell of a new one.
/// Each list is one positive of the past with others of its fold, drawn evenly; the weights are those of a conditional logit
/// (McFadden 1974) over these lists, by AdaGrad (Duchi et al. 2011). The promises that are published are regressed on all.</para>
/// <para>Cost: one ridge regression of d + 1 targets per fold, and O(lists · candidates · (d + features)).</para>
/// </remarks>
internal static class NewcomerTrainer
{
    private const int Folds = 5;
    private const int Rivals = 80;
    private const int MostLists = 6_000;
    private const int Passes = 4;
    private const float LearningRate = 0.1f;
    private const double PromiseRidge = 5;

    /// <summary>Trains a model.</summary>
    /// <param name="past">Events in time order.</param>
    /// <param name="catalogue">The titles.</param>
    /// <param name="titles">The titles with an embedding.</param>
    /// <param name="weights">float64[titles]: how well each title's embedding is known.</param>
    /// <param name="embeddings">The trained embeddings.</param>
    /// <param name="seed">Draws the rivals.</param>
    /// <param name="cancellation">Stops the training.</param>
    public static NewcomerModel Train(
        ReadOnlySpan<Interaction> past,
        CatalogueSnapshot catalogue,
        IReadOnlyList<TitleEntry> titles,
        double[] weights,
        EmbeddingModel embeddings,
        int seed,
        CancellationToken cancellation)
    {
        var regression = new SparseRidge(titles);
        var counts = CountPositives(past, titles);
        var learner = new ListLearner(catalogue, embeddings, titles, seed);
        for (var fold = 0; fold < Folds; fold++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] others = [.. weights.Select((weight, title) => title % Folds == fold ? 0 : weight)];
            double[] all = [.. weights.Select((_, title) => title % Folds == fold ? 0.0 : 1)];
            learner.SetFold(
                fold,
                regression,
                regression.SolveCounts(counts, all, PromiseRidge),
                ContentTowerTrainer.Solve(regression, titles, others, embeddings, ContentTowerTrainer.Ridge));
        }

        learner.Gather(past, cancellation);
        var promises = regression.SolveCounts(counts, [.. weights.Select(static _ => 1.0)], PromiseRidge);
        return new NewcomerModel(regression.Features, Array.ConvertAll(promises, static value => (float)value), learner.Learn());
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

    /// <summary>Gathers lists and learns the weights from them.</summary>
    private sealed class ListLearner(CatalogueSnapshot catalogue, EmbeddingModel embeddings, IReadOnlyList<TitleEntry> titles, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly float[] _promises = new float[titles.Count];
        private readonly float[] _towers = new float[titles.Count * embeddings.Dimension];
        private readonly List<List> _lists = [];

        /// <summary>What the metadata of the titles of a fold says, by the others.</summary>
        public void SetFold(int fold, SparseRidge regression, double[] promises, float[] tower)
        {
            var d = embeddings.Dimension;
            for (var title = fold; title < titles.Count; title += Folds)
            {
                _promises[title] = (float)regression.Predict(title, promises);
                regression.Predict(title, tower, _towers.AsSpan(title * d, d));
            }
        }

        /// <summary>Lives through the past and keeps the lists.</summary>
        public void Gather(ReadOnlySpan<Interaction> past, CancellationToken cancellation)
        {
            var indices = new Dictionary<string, int>(titles.Count, StringComparer.Ordinal);
            for (var i = 0; i < titles.Count; i++)
            {
                indices.Add(titles[i].TitleId, i);
            }

            var positives = 0;
            foreach (ref readonly var interaction in past)
            {
                positives += interaction.IsPositive ? 1 : 0;
            }

            var every = Math.Max(1, (positives + MostLists - 1) / MostLists);
            var tastes = new Dictionary<int, TasteState>();
            var scratch = new Scratch();
            var turn = 0;
            foreach (ref readonly var interaction in past)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!tastes.TryGetValue(interaction.User, out var state))
                {
                    tastes[interaction.User] = state = new TasteState(catalogue.Titles);
                }

                if (interaction.IsPositive && turn++ % every == 0 && indices.TryGetValue(interaction.Event.TitleId, out var title))
                {
                    _lists.Add(Gather(title, state.Freeze(), interaction.Event.OccurredAt, scratch));
                }

                state.Apply(interaction.Event);
            }
        }

        /// <summary>Learns the weights.</summary>
        /// <returns>float32[features, contexts].</returns>
        public float[] Learn()
        {
            var contexts = TasteContext.Count;
            var weights = new float[NewcomerModel.Count * contexts];
            var squares = new float[weights.Length];
            var now = new float[NewcomerModel.Count];
            var expected = new float[NewcomerModel.Count];
            var scores = new float[Rivals + 1];
            for (var pass = 0; pass < Passes; pass++)
            {
                foreach (var (context, features) in _lists)
                {
                    for (var feature = 0; feature < now.Length; feature++)
                    {
                        now[feature] = TensorPrimitives.Dot<float>(weights.AsSpan(feature * contexts, contexts), context);
                    }

                    var count = features.Length / now.Length;
                    for (var i = 0; i < count; i++)
                    {
                        scores[i] = TensorPrimitives.Dot<float>(features.AsSpan(i * now.Length, now.Length), now);
                    }

                    TensorPrimitives.SoftMax(scores.AsSpan(0, count), scores.AsSpan(0, count));
                    features.AsSpan(0, now.Length).CopyTo(expected);
                    for (var i = 0; i < count; i++)
                    {
                        TensorPrimitives.MultiplyAdd(features.AsSpan(i * now.Length, now.Length), -scores[i], expected, expected);
                    }

                    Step(weights, squares, expected, context);
                }
            }

            return weights;
        }

        private static void Step(float[] weights, float[] squares, float[] gradients, float[] context)
        {
            for (var feature = 0; feature < gradients.Length; feature++)
            {
                for (var i = 0; i < context.Length; i++)
                {
                    var gradient = gradients[feature] * context[i];
                    var at = (feature * context.Length) + i;
                    squares[at] += gradient * gradient;
                    weights[at] += LearningRate * gradient / MathF.Sqrt(squares[at] + 1);
                }
            }
        }

        private List Gather(int title, UserTaste taste, long now, Scratch scratch)
        {
            scratch.Reset(catalogue.Blocks.Length);
            ContentProfile.Compute(taste, catalogue, scratch);
            TasteContext.Compute(taste, catalogue, now, scratch.Context);
            var folded = taste.Recent.Length == 0 ? null : FoldedTaste.Of(embeddings, taste, catalogue.Titles);
            var fold = title % Folds;
            var ofFold = (titles.Count - fold + Folds - 1) / Folds;
            var features = new float[NewcomerModel.Count * (1 + Math.Min(Rivals, ofFold))];
            for (var i = 0; i < features.Length / NewcomerModel.Count; i++)
            {
                var candidate = i == 0 ? title : fold + (Folds * _random.Next(ofFold));
                Describe(candidate, folded, now, scratch, features.AsSpan(i * NewcomerModel.Count, NewcomerModel.Count));
            }

            return new List([.. scratch.Context], features);
        }

        private void Describe(int title, FoldedTaste? folded, long now, Scratch scratch, Span<float> features)
        {
            var entry = titles[title];
            features[NewcomerModel.Promise] = _promises[title];
            var row = catalogue.RowOf(entry.Number);
            (features[NewcomerModel.Year], features[NewcomerModel.Genre], features[NewcomerModel.Detail]) = CandidateFeatures.Content(row, catalogue, scratch);
            if (folded is not null)
            {
                var embedding = _towers.AsSpan(title * embeddings.Dimension, embeddings.Dimension);
                features[NewcomerModel.Embedding] = TensorPrimitives.Dot<float>(embedding, folded.Lasting);
                features[NewcomerModel.EmbeddingRecent] = TensorPrimitives.Dot<float>(embedding, folded.Recent);
            }

            if (entry.YearSlot < 0)
            {
                features[NewcomerModel.FirstAge + NewcomerModel.Ages.Length] = 1;
                return;
            }

            var first = NewcomerModel.PlaceOf(TitleFeatures.YearAt(now) - (TitleEntry.FirstYear + entry.YearSlot), out var second);
            features[NewcomerModel.FirstAge + first] = 1 - second;
            features[NewcomerModel.FirstAge + first + 1] = second;
        }

        /// <summary>One choice.</summary>
        /// <param name="Context">float32[contexts].</param>
        /// <param name="Features">float32[1 + rivals, features]; the chosen title first.</param>
        private sealed record List(float[] Context, float[] Features);
    }
}
