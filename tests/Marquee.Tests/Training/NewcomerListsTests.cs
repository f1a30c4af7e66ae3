using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Tests.Recommendations;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class NewcomerListsTests
{
    private const int Folds = 2;

    [Fact]
    public void DrawRivals_InHindsight_AreTitlesThatSomeLikedAndThisViewerHadNothingToDoWith()
    {
        var (lists, titles, positives, question) = Lists(isHindsight: true);
        var rivals = lists.DrawRivals(question);

        Assert.NotEmpty(rivals);
        Assert.All(rivals, rival => Assert.Equal(question.Title % Folds, rival % Folds));
        Assert.All(rivals, rival => Assert.True(positives[rival] >= NewcomerLists.FewestPositives));
        Assert.All(rivals, rival => Assert.False(rival == question.Title || question.Taste.IsExcluded(titles[rival].Number)));
    }

    [Fact]
    public void DrawRivals_AsItCame_AreAllTitlesThatThisViewerHadNothingToDoWith()
    {
        var (lists, titles, positives, question) = Lists(isHindsight: false);
        var rivals = lists.DrawRivals(question);

        Assert.Contains(rivals, rival => positives[rival] < NewcomerLists.FewestPositives);
        Assert.All(rivals, rival => Assert.False(rival == question.Title || question.Taste.IsExcluded(titles[rival].Number)));
    }

    [Fact]
    public void MakeAlike_Solution_HasMeanZeroAndTheSizeOfTheTower()
    {
        var (_, titles, _, _) = Lists(isHindsight: true);
        var features = new SparseRidge(titles);
        var random = new Random(1);
        float[] solution = [.. Enumerable.Range(0, 3 * (features.Features.Length + 1)).Select(_ => random.NextSingle())];
        float[] tower = [.. solution.Select(_ => random.NextSingle() - 0.5f)];

        NewcomerFold.MakeAlike(solution, tower, features, titles.Count, 3);

        Assert.All(Enumerable.Range(0, 3), dimension => Assert.Equal(0, Predictions(solution).Average(row => row[dimension]), 3));
        Assert.Equal(1, Size(solution) / Size(tower), 3);

        float[][] Predictions(float[] weights) => [.. Enumerable.Range(0, titles.Count).Select(title => Predict(title, weights))];
        double Size(float[] weights) => Predictions(weights).Sum(static row => TensorPrimitives.SumOfSquares<float>(row));
        float[] Predict(int title, float[] weights)
        {
            var row = new float[3];
            features.Predict(title, weights, row);
            return row;
        }
    }

    private static (NewcomerLists Lists, List<TitleEntry> Titles, double[] Positives, NewcomerQuestion Question) Lists(bool isHindsight)
    {
        var node = SmallWorld.Node();
        List<TitleEntry> titles = [.. SmallWorld.Titles().Select(title => node.Catalogue.Find(title.TitleId)!)];
        double[] positives = [.. titles.Select((_, title) => title % 3 == 0 ? 1.0 : 9)];
        var embeddings = new EmbeddingModel(3, [.. titles.Select(static title => title.TitleId)], new float[3 * titles.Count], 0.1f, 1);
        return (
            new NewcomerLists(node.Catalogue, embeddings, titles, positives, 1, Folds),
            titles,
            positives,
            new NewcomerQuestion(4, node.TasteOf("user-0"), SmallWorld.Start, isHindsight));
    }
}
