using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class RankingTowerTrainerTests
{
    [Fact]
    public void Step_FromNothing_GoesAgainstTheGradientOfTheSoftmax()
    {
        int[][] rows = [[0, 1], [2], [3]];
        float[] viewer = [0.6f, -0.8f];
        int[] list = [0, 1, 2];
        var trainer = new RankingTowerTrainer(rows, 4, 2);

        // All scores are 0: the loss is log 3, and the residuals of the three titles are -2/3, 1/3 and 1/3.
        Assert.Equal(MathF.Log(3), trainer.Step(viewer, list), 5);
        float[] residuals = [-2 / 3f, -2 / 3f, 1 / 3f, 1 / 3f];
        for (var feature = 0; feature < residuals.Length; feature++)
        {
            for (var i = 0; i < viewer.Length; i++)
            {
                Assert.Equal(-0.03f * residuals[feature] * viewer[i], trainer.Weights[(feature * 2) + i], 5);
            }
        }

        Assert.True(trainer.Step(viewer, list) < MathF.Log(3));
    }

    [Fact]
    public void ViewerPairs_MeanWithoutATitle_IsThatOfAViewerWhoNeverHadIt()
    {
        var (titles, embeddings) = Trained();
        string[] liked = ["Western-1", "Western-2", "Romance-3"];
        Interaction[] past = [.. liked.Select((id, i) => new Interaction(0, i, SmallWorld.Like("u", id, SmallWorld.Start + i), true))];
        var pairs = ViewerPairs.Of(past, titles, embeddings, 100, default);

        Assert.Equal(liked.Length, pairs.Titles.Length);
        for (var pair = 0; pair < liked.Length; pair++)
        {
            var numbers = new TitleTable();
            var taste = new TasteState(numbers);
            foreach (var interaction in past.Where(interaction => interaction.Event.TitleId != titles[pairs.Titles[pair]].TitleId))
            {
                taste.Apply(interaction.Event);
            }

            var expected = FoldedTaste.Of(embeddings, taste.Freeze(), numbers).Lasting;
            var norm = TensorPrimitives.Norm<float>(expected);
            Assert.All(expected.Select((value, i) => (value / norm, pairs.Means[(pair * embeddings.Dimension) + i])), static each => Assert.Equal(each.Item1, each.Item2, 3));
        }
    }

    [Fact]
    public void ViewerPairs_TitlesEngagedWith_AreKeptWhetherLikedOrNot()
    {
        var (titles, embeddings) = Trained();
        Interaction[] past =
        [
            new(0, 0, SmallWorld.Event("u", "Western-1", SmallWorld.Start, EngagementType.Dislike), false),
            new(0, 1, SmallWorld.Event("u", "Western-2", SmallWorld.Start + 1, EngagementType.Like), true),
            new(0, 2, SmallWorld.Event("u", "Western-3", SmallWorld.Start + 2, EngagementType.Impression), false),
        ];
        var pairs = ViewerPairs.Of(past, titles, embeddings, 100, default);

        Assert.Equal(["Western-2"], pairs.Titles.Select(title => titles[title].TitleId));
        Assert.Equal(["Western-1", "Western-2"], pairs.Engaged.Single().Select(title => titles[title].TitleId).Order());
    }

    [Fact]
    public void Train_WorldOfTwoGenres_PointsTitlesWithoutEventsAtTheirViewers()
    {
        var (titles, embeddings) = Trained();
        Interaction[] past = [.. SmallWorld.Events().Select(static engagement => new Interaction(int.Parse(engagement.UserId[5..], System.Globalization.CultureInfo.InvariantCulture), 0, engagement, true))];
        var pairs = ViewerPairs.Of(past, titles, embeddings, 10_000, default);
        var regression = new SparseRidge(titles);

        // A fifth of the titles is left out.
        var (tower, _) = RankingTowerTrainer.Train(regression, pairs, embeddings.Dimension, static title => title % 5 != 0, 1, default);
        var predicted = new float[embeddings.Dimension];
        var (right, asked) = (0, 0);
        for (var pair = 0; pair < pairs.Titles.Length; pair++)
        {
            if (pairs.Titles[pair] % 5 == 0)
            {
                regression.Predict(pairs.Titles[pair], tower, predicted);
                right += TensorPrimitives.Dot<float>(predicted, pairs.Means.AsSpan(pair * predicted.Length, predicted.Length)) > 0 ? 1 : 0;
                asked++;
            }
        }

        Assert.True(asked > 50 && right > 0.9 * asked, $"{right} of {asked}");
    }

    private static (List<TitleEntry> Titles, EmbeddingModel Embeddings) Trained()
    {
        var node = SmallWorld.Node();
        var byUser = SmallWorld.Events().GroupBy(static engagement => engagement.UserId);
        string[] ids = [.. SmallWorld.Events().Select(static engagement => engagement.TitleId).Distinct()];
        int[][] positives = [.. byUser.Select(user => user.Select(engagement => Array.IndexOf(ids, engagement.TitleId)).Distinct().ToArray())];
        return ([.. ids.Select(id => node.Catalogue.Find(id)!)], EmbeddingTrainer.Train(ids, positives, new EmbeddingOptions { Dimension = 8, Sweeps = 4 }));
    }
}
