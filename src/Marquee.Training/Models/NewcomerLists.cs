using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Lists of one chosen title and others of its fold, and the weights of the newcomer model learned from them.</summary>
/// <remarks>
/// No rival is a title that the viewer had engaged with. In hindsight, chosen ones and rivals alike are titles that at least
/// <see cref="FewestPositives"/> liked: titles that hardly anyone found are told from the others by what predicts engagement,
/// and lists full of them teach little else. The lists as they came keep them all, as a service has them all.
/// </remarks>
/// <param name="catalogue">The titles as they stand.</param>
/// <param name="embeddings">The trained embeddings.</param>
/// <param name="titles">The titles with an embedding, dealt into folds in turn.</param>
/// <param name="positives">float64[titles]: how many positives each has.</param>
/// <param name="seed">Draws the rivals.</param>
/// <param name="folds">How many folds there are.</param>
internal sealed class NewcomerLists(
    CatalogueSnapshot catalogue, EmbeddingModel embeddings, IReadOnlyList<TitleEntry> titles, double[] positives, int seed, int folds)
{
    /// <summary>The fewest positives of a title that is part of a list in hindsight.</summary>
    internal const int FewestPositives = 5;

    private const int Rivals = 80;
    private const int MostDraws = 10;
    private const float LeastWeight = 0.05f;
    private const int MostAsTheyCame = 3_000;
    private const int MostInHindsight = 6_000;

    private readonly Random _random = new(seed);
    private readonly float[] _promises = new float[titles.Count];
    private readonly float[] _biases = new float[titles.Count];
    private readonly float[] _towers = new float[titles.Count * embeddings.Dimension];
    private readonly float[] _regressions = new float[titles.Count * embeddings.Dimension];
    private readonly int[][] _ofFold = Deal(titles.Count, folds, static _ => true);
    private readonly int[][] _knownOfFold = Deal(titles.Count, folds, title => positives[title] >= FewestPositives);
    private readonly List<List> _lists = [];

    /// <summary>What the metadata of the titles of a fold says, by the others.</summary>
    public void SetFold(int fold, SparseRidge regression, NewcomerFold learned)
    {
        var d = embeddings.Dimension;
        foreach (var title in _ofFold[fold])
        {
            _promises[title] = (float)regression.Predict(title, learned.Promises);
            regression.Predict(title, learned.Biases, _biases.AsSpan(title, 1));
            regression.Predict(title, learned.Tower, _towers.AsSpan(title * d, d));
            regression.Predict(title, learned.Regression, _regressions.AsSpan(title * d, d));
        }
    }

    /// <summary>Lives through the past and keeps the lists.</summary>
    public void Gather(ReadOnlySpan<Interaction> past, CancellationToken cancellation)
    {
        var questions = new NewcomerQuestions(past, catalogue.Titles, titles);
        List<NewcomerQuestion> all =
        [
            .. questions.AsTheyCame(MostAsTheyCame, cancellation),
            .. questions.InHindsight(MostInHindsight, title => positives[title] >= FewestPositives, _random, cancellation),
        ];
        _random.Shuffle(CollectionsMarshal.AsSpan(all));
        var scratch = new Scratch();
        foreach (var question in all)
        {
            cancellation.ThrowIfCancellationRequested();
            _lists.Add(Describe(question, scratch));
        }
    }

    /// <summary>Makes one promise of two, the expected count and the bias that the tower learned beside its embeddings, and one embedding of the tower's and the regression's.</summary>
    /// <remarks>
    /// The count follows combinations of features and is the better promise where the newest titles are what is watched; the
    /// bias is the better one where the titles of all times are. The regression reads combinations too, names of series of
    /// films among them, which the tower would learn by heart. What each counts is learned from the lists.
    /// </remarks>
    /// <returns>What the promises count, and what the regression counts beside the tower; at least 0.</returns>
    public (float ByCount, float ByBias, float ByRegression) Blend()
    {
        const int Parts = 4;
        var learned = ConditionalLogit.Learn(_lists.ConvertAll(Plain), Parts, 1);
        var (byCount, byBias, byRegression) = (Math.Max(0, learned[0]), Math.Max(0, learned[1]), Math.Max(0, learned[3]) / Math.Max(LeastWeight, learned[2]));
        TensorPrimitives.MultiplyAdd(_regressions, byRegression, _towers, _towers);
        foreach (var (_, features, chosen, viewer) in _lists)
        {
            for (var i = 0; i < chosen.Length; i++)
            {
                var row = features.AsSpan(i * NewcomerModel.Count, NewcomerModel.Count);
                row[NewcomerModel.Promise] = (byCount * _promises[chosen[i]]) + (byBias * _biases[chosen[i]]);
                Embed(Row(_towers, chosen[i]), viewer, row);
            }
        }

        return (byCount, byBias, byRegression);

        ConditionalLogit.Choice Plain(List list)
        {
            var features = new float[Parts * list.Titles.Length];
            for (var i = 0; i < list.Titles.Length; i++)
            {
                var title = list.Titles[i];
                (features[Parts * i], features[(Parts * i) + 1]) = (_promises[title], _biases[title]);
                (features[(Parts * i) + 2], features[(Parts * i) + 3]) = (Along(Row(_towers, title), list.Viewer), Along(Row(_regressions, title), list.Viewer));
            }

            return new ConditionalLogit.Choice([1], features);
        }
    }

    /// <summary>Learns the weights of the newcomer model. After <see cref="Blend"/>.</summary>
    /// <returns>float32[features, contexts].</returns>
    public float[] Learn() =>
        ConditionalLogit.Learn(_lists.ConvertAll(static list => new ConditionalLogit.Choice(list.Context, list.Features)), NewcomerModel.Count, TasteContext.Count);

    private static int[][] Deal(int titles, int folds, Func<int, bool> isUsed) =>
        [.. Enumerable.Range(0, folds).Select(fold => Enumerable.Range(0, titles).Where(title => title % folds == fold && isUsed(title)).ToArray())];

    private static float Along(ReadOnlySpan<float> embedding, FoldedTaste? viewer) =>
        viewer is null ? 0 : TensorPrimitives.Dot(embedding, viewer.Lasting) * NewcomerModel.InverseLength(viewer.Lasting);

    private static void Embed(ReadOnlySpan<float> embedding, FoldedTaste? viewer, Span<float> features)
    {
        if (viewer is not null)
        {
            features[NewcomerModel.Embedding] = TensorPrimitives.Dot<float>(embedding, viewer.Lasting);
            features[NewcomerModel.EmbeddingRecent] = TensorPrimitives.Dot<float>(embedding, viewer.Recent);
            features[NewcomerModel.Direction] = features[NewcomerModel.Embedding] * NewcomerModel.InverseLength(viewer.Lasting);
            features[NewcomerModel.DirectionRecent] = features[NewcomerModel.EmbeddingRecent] * NewcomerModel.InverseLength(viewer.Recent);
        }
    }

    private List Describe(in NewcomerQuestion question, Scratch scratch)
    {
        var (title, taste, now, _) = question;
        scratch.Reset(catalogue.Blocks.Length);
        PastTitles.Gather(taste, catalogue, scratch);
        ContentProfile.Compute(taste, catalogue, scratch);
        TasteContext.Compute(taste, catalogue, now, scratch.Context);
        var folded = taste.Recent.Length == 0 ? null : FoldedTaste.Of(embeddings, taste, catalogue.Titles);
        int[] chosen = [title, .. DrawRivals(question)];
        var features = new float[NewcomerModel.Count * chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            Describe(chosen[i], now, scratch, features.AsSpan(i * NewcomerModel.Count, NewcomerModel.Count));
        }

        return new List([.. scratch.Context], features, chosen, folded);
    }

    /// <summary>Titles of the fold of the one in question, evenly drawn; one may come twice.</summary>
    internal List<int> DrawRivals(in NewcomerQuestion question)
    {
        var from = (question.IsHindsight ? _knownOfFold : _ofFold)[question.Title % folds];
        var rivals = new List<int>(Rivals);
        var most = Math.Min(Rivals, from.Length);
        for (var draw = 0; draw < MostDraws * most && rivals.Count < most; draw++)
        {
            var rival = from[_random.Next(from.Length)];
            if (rival != question.Title && !question.Taste.IsExcluded(titles[rival].Number))
            {
                rivals.Add(rival);
            }
        }

        return rivals;
    }

    private void Describe(int title, long now, Scratch scratch, Span<float> features)
    {
        var entry = titles[title];
        var row = catalogue.RowOf(entry.Number);
        (features[NewcomerModel.Year], features[NewcomerModel.Genre], features[NewcomerModel.Detail]) = CandidateFeatures.Content(row, catalogue, scratch);
        if (entry.YearSlot < 0)
        {
            features[NewcomerModel.FirstAge + NewcomerModel.Ages.Length] = 1;
            return;
        }

        var first = NewcomerModel.PlaceOf(TitleFeatures.YearAt(now) - (TitleEntry.FirstYear + entry.YearSlot), out var second);
        features[NewcomerModel.FirstAge + first] = 1 - second;
        features[NewcomerModel.FirstAge + first + 1] = second;
    }

    private Span<float> Row(float[] values, int title) => values.AsSpan(title * embeddings.Dimension, embeddings.Dimension);

    /// <summary>One choice.</summary>
    /// <param name="Context">float32[contexts].</param>
    /// <param name="Features">float32[titles, features]; promise and embedding are filled in by <see cref="Blend"/>.</param>
    /// <param name="Titles">int32[titles]: the chosen one first.</param>
    /// <param name="Viewer">The viewer; null when nothing is known.</param>
    private sealed record List(float[] Context, float[] Features, int[] Titles, FoldedTaste? Viewer);
}
