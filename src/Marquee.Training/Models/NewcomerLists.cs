using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Lists of one chosen title and others of its fold, and the weights of the newcomer model learned from them.</summary>
/// <param name="catalogue">The titles as they stand.</param>
/// <param name="embeddings">The trained embeddings.</param>
/// <param name="titles">The titles with an embedding, dealt into folds in turn.</param>
/// <param name="seed">Draws the rivals.</param>
/// <param name="folds">How many folds there are.</param>
internal sealed class NewcomerLists(CatalogueSnapshot catalogue, EmbeddingModel embeddings, IReadOnlyList<TitleEntry> titles, int seed, int folds)
{
    private const int Rivals = 80;
    private const int MostQuestions = 3_000;
    private const int Passes = 4;
    private const float LearningRate = 0.1f;

    private readonly Random _random = new(seed);
    private readonly float[] _promises = new float[titles.Count];
    private readonly float[] _biases = new float[titles.Count];
    private readonly float[] _towers = new float[titles.Count * embeddings.Dimension];
    private readonly List<List> _lists = [];

    /// <summary>What the metadata of the titles of a fold says, by the others.</summary>
    public void SetFold(int fold, SparseRidge regression, double[] promises, float[] biases, float[] tower)
    {
        var d = embeddings.Dimension;
        for (var title = fold; title < titles.Count; title += folds)
        {
            _promises[title] = (float)regression.Predict(title, promises);
            regression.Predict(title, biases, _biases.AsSpan(title, 1));
            regression.Predict(title, tower, _towers.AsSpan(title * d, d));
        }
    }

    /// <summary>Lives through the past and keeps the lists.</summary>
    public void Gather(ReadOnlySpan<Interaction> past, CancellationToken cancellation)
    {
        var questions = new NewcomerQuestions(past, catalogue.Titles, titles);
        List<NewcomerQuestion> all = [.. questions.AsTheyCame(MostQuestions, cancellation), .. questions.InHindsight(MostQuestions, _random, cancellation)];
        _random.Shuffle(CollectionsMarshal.AsSpan(all));
        var scratch = new Scratch();
        foreach (var question in all)
        {
            cancellation.ThrowIfCancellationRequested();
            _lists.Add(Describe(question, scratch));
        }
    }

    /// <summary>Makes one promise of two: the expected count, and the bias that the tower learned beside its embeddings.</summary>
    /// <remarks>
    /// The count follows combinations of features and is the better one where the newest titles are what is watched; the
    /// bias is the better one where the titles of all times are. Their weights are learned from the lists, beside the tower.
    /// </remarks>
    /// <returns>What each counts, at least 0.</returns>
    public (float ByCount, float ByBias) Blend()
    {
        const int Plain = 3;
        var lists = _lists.ConvertAll(list =>
        {
            var features = new float[Plain * list.Titles.Length];
            for (var i = 0; i < list.Titles.Length; i++)
            {
                var title = list.Titles[i];
                (features[Plain * i], features[(Plain * i) + 1]) = (_promises[title], _biases[title]);
                features[(Plain * i) + 2] = list.Features[(i * NewcomerModel.Count) + NewcomerModel.Direction];
            }

            return new List([1], features, list.Titles);
        });
        var learned = Learn(lists, Plain);
        var (byCount, byBias) = (Math.Max(0, learned[0]), Math.Max(0, learned[1]));
        foreach (var (_, features, titles) in _lists)
        {
            for (var i = 0; i < titles.Length; i++)
            {
                features[(i * NewcomerModel.Count) + NewcomerModel.Promise] = (byCount * _promises[titles[i]]) + (byBias * _biases[titles[i]]);
            }
        }

        return (byCount, byBias);
    }

    /// <summary>Learns the weights of the newcomer model.</summary>
    /// <returns>float32[features, contexts].</returns>
    public float[] Learn() => Learn(_lists, NewcomerModel.Count);

    private static float[] Learn(List<List> lists, int count)
    {
        var contexts = lists.Count == 0 ? TasteContext.Count : lists[0].Context.Length;
        var weights = new float[count * contexts];
        var squares = new float[weights.Length];
        var now = new float[count];
        var expected = new float[count];
        var scores = new float[Rivals + 1];
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var (context, features, titles) in lists)
            {
                for (var feature = 0; feature < count; feature++)
                {
                    now[feature] = TensorPrimitives.Dot<float>(weights.AsSpan(feature * contexts, contexts), context);
                }

                for (var i = 0; i < titles.Length; i++)
                {
                    scores[i] = TensorPrimitives.Dot<float>(features.AsSpan(i * count, count), now);
                }

                TensorPrimitives.SoftMax(scores.AsSpan(0, titles.Length), scores.AsSpan(0, titles.Length));
                features.AsSpan(0, count).CopyTo(expected);
                for (var i = 0; i < titles.Length; i++)
                {
                    TensorPrimitives.MultiplyAdd(features.AsSpan(i * count, count), -scores[i], expected, expected);
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

    private List Describe(in NewcomerQuestion question, Scratch scratch)
    {
        var (title, taste, now) = question;
        scratch.Reset(catalogue.Blocks.Length);
        ContentProfile.Compute(taste, catalogue, scratch);
        TasteContext.Compute(taste, catalogue, now, scratch.Context);
        var folded = taste.Recent.Length == 0 ? null : FoldedTaste.Of(embeddings, taste, catalogue.Titles);
        var fold = title % folds;
        var ofFold = (titles.Count - fold + folds - 1) / folds;
        var chosen = new int[1 + Math.Min(Rivals, ofFold)];
        var features = new float[NewcomerModel.Count * chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = i == 0 ? title : fold + (folds * _random.Next(ofFold));
            Describe(chosen[i], folded, now, scratch, features.AsSpan(i * NewcomerModel.Count, NewcomerModel.Count));
        }

        return new List([.. scratch.Context], features, chosen);
    }

    private void Describe(int title, FoldedTaste? folded, long now, Scratch scratch, Span<float> features)
    {
        var entry = titles[title];
        var row = catalogue.RowOf(entry.Number);
        (features[NewcomerModel.Year], features[NewcomerModel.Genre], features[NewcomerModel.Detail]) = CandidateFeatures.Content(row, catalogue, scratch);
        if (folded is not null)
        {
            var embedding = _towers.AsSpan(title * embeddings.Dimension, embeddings.Dimension);
            features[NewcomerModel.Embedding] = TensorPrimitives.Dot<float>(embedding, folded.Lasting);
            features[NewcomerModel.EmbeddingRecent] = TensorPrimitives.Dot<float>(embedding, folded.Recent);
            features[NewcomerModel.Direction] = features[NewcomerModel.Embedding] * NewcomerModel.InverseLength(folded.Lasting);
            features[NewcomerModel.DirectionRecent] = features[NewcomerModel.EmbeddingRecent] * NewcomerModel.InverseLength(folded.Recent);
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
    /// <param name="Features">float32[1 + rivals, features]; the chosen title first; the promise is filled in by <see cref="Blend"/>.</param>
    /// <param name="Titles">int32[1 + rivals].</param>
    private sealed record List(float[] Context, float[] Features, int[] Titles);
}
