using System.Numerics.Tensors;
using CsCheck;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Recommendations;

/// <summary>The first stage reads few embeddings, and finds what reading all of them would find.</summary>
public sealed class CandidateSelectionTests
{
    private const long Now = SmallWorld.Start + 86_400_000;
    private const int Titles = 300;

    [Theory]
    [InlineData(0.01f)]
    [InlineData(1)]
    [InlineData(30)]
    public void Keep_AnyViewerAndWeights_FindsTheBestOfAllTitlesScoredInFull(float size) =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 40]).Sample((seed, most) =>
        {
            var node = World(seed, size);
            var (catalogue, scratch) = (node.Catalogue, new Scratch());
            TasteScan.Run(node.TasteOf($"user-{seed % 60}"), catalogue, Now, scratch);
            var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
            CandidateScan.Run(catalogue, scratch, BlockSum.UpTo(scratch), scores);
            scores[seed % Titles] = float.NegativeInfinity;
            var bounds = scores.ToArray();

            var kept = CandidateSelection.Keep(most, scores, catalogue, scratch).ToArray();

            var all = new Scratch();
            TasteScan.Run(node.TasteOf($"user-{seed % 60}"), catalogue, Now, all);
            var exact = Enumerable.Range(0, catalogue.RowCount).Where(row => row != seed % Titles)
                .Select(row => new Candidate(row, TensorPrimitives.Dot(CandidateFeatures.Of(row, catalogue, all), all.CandidateWeights))).ToArray();
            Assert.All(exact, candidate => Assert.True(candidate.Score <= bounds[candidate.Row], $"Row {candidate.Row} scores {candidate.Score}, more than its bound {bounds[candidate.Row]}."));
            Assert.Equal(exact.Order().Take(most).OrderBy(static candidate => candidate.Row), kept);
        }, iter: 25);

    [Fact]
    public void Keep_EmbeddingsOfLittleWeight_ScoresFewTitlesInFull()
    {
        var node = World(1, 0.01f);
        var scratch = new Scratch();
        TasteScan.Run(node.TasteOf("user-1"), node.Catalogue, Now, scratch);
        var scores = scratch.Scores.AsSpan(0, node.Catalogue.Blocks.Length * CatalogueBlock.Rows);
        CandidateScan.Run(node.Catalogue, scratch, BlockSum.UpTo(scratch), scores);

        CandidateSelection.Keep(10, scores, node.Catalogue, scratch);

        Assert.InRange(scratch.Described.Count, 10, Titles / 4);
    }

    /// <summary>The titles that seem best are the worst, so that they say little of what must be reached; the others are not all read for it.</summary>
    [Fact]
    public void Keep_BoundsThatMislead_FindsTheBestWithoutScoringAllInFull()
    {
        var node = World(3, 1);
        var (taste, catalogue, all, scratch) = (node.TasteOf("user-1"), node.Catalogue, new Scratch(), new Scratch());
        TasteScan.Run(taste, catalogue, Now, all);
        TasteScan.Run(taste, catalogue, Now, scratch);
        Candidate[] exact = [.. Enumerable.Range(0, Titles).Select(row => new Candidate(row, TensorPrimitives.Dot(CandidateFeatures.Of(row, catalogue, all), all.CandidateWeights))).Order()];
        float[] bounds = [.. Enumerable.Repeat(float.NegativeInfinity, catalogue.Blocks.Length * CatalogueBlock.Rows)];
        for (var place = 0; place < Titles; place++)
        {
            bounds[exact[place].Row] = (float)exact[place].Score + (place < Titles - 40 ? 0.001f : 1000);
        }

        var kept = CandidateSelection.Keep(10, bounds, catalogue, scratch).ToArray();

        Assert.Equal(exact.Take(10).OrderBy(static candidate => candidate.Row), kept);
        Assert.InRange(scratch.Described.Count, 50, Titles / 2);
    }

    [Fact]
    public void Keep_FewerTitlesThanWanted_KeepsAll()
    {
        var node = World(2, 1);
        var scratch = new Scratch();
        TasteScan.Run(node.TasteOf("user-1"), node.Catalogue, Now, scratch);
        var scores = scratch.Scores.AsSpan(0, node.Catalogue.Blocks.Length * CatalogueBlock.Rows);
        CandidateScan.Run(node.Catalogue, scratch, BlockSum.UpTo(scratch), scores);

        Assert.Equal(Enumerable.Range(0, Titles), CandidateSelection.Keep(5000, scores, node.Catalogue, scratch).ToArray().Select(static candidate => candidate.Row));
    }

    /// <summary>Titles with metadata and embeddings of a size, events, and a ranker with random weights.</summary>
    private static InProcessNode World(int seed, float size)
    {
        const int Dimension = 20;
        var random = new Random(seed);
        float Number() => (float)((2 * random.NextDouble()) - 1);
        var titles = Enumerable.Range(0, Titles).Select(i => new TitleMetadata
        {
            TitleId = $"title-{i}",
            Name = $"Title {i % 17} of {i % 5}",
            Genres = [$"genre-{i % 7}", $"genre-{i % 3}"],
            ReleaseYear = i % 11 == 0 ? null : 1990 + (i % 25),
        }).ToArray();
        var node = new InProcessNode(titles);
        for (var i = 0; i < 400; i++)
        {
            node.Apply(SmallWorld.Like($"user-{random.Next(60)}", $"title-{(int)(Titles * random.NextDouble() * random.NextDouble())}", SmallWorld.Start + (i * 60_000)));
        }

        var weights = new float[DefaultRanker.Instance.CandidateWeights.Length];
        foreach (ref var weight in weights.AsSpan())
        {
            weight = Number();
        }

        float[] embeddings = [.. Enumerable.Range(0, Titles * Dimension).Select(_ => size * Number())];
        node.Model = node.Model with
        {
            Embeddings = new EmbeddingModel(Dimension, [.. titles.Select(static title => title.TitleId)], embeddings, 0.1f, 0.1f),
            Ranker = new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, weights, new float[weights.Length]),
        };
        return node;
    }
}
