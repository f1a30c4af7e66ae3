using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;

namespace Marquee.Tests.Models;

/// <summary>Viewers are not told that a model was swapped: what is kept of them follows with their next ranking.</summary>
public sealed class ModelSwitchTests
{
    private readonly InProcessNode _node = SmallWorld.Node();

    [Fact]
    public void Recommend_SameTasteUnderAnotherModel_IsRankedByVectorsOfThatModel()
    {
        var (first, second) = (Trained(seed: 1), Trained(seed: 2));
        var kept = _node.TasteOf("user-0");
        _ = Rank(kept, first);

        var switched = Rank(kept, second);
        var fresh = Rank(kept.WithRecent(kept.Recent), second);

        Assert.Equal(fresh, switched);
        Assert.NotEqual(Rank(kept.WithRecent(kept.Recent), first), switched);
    }

    [Fact]
    public void Fold_SameModelAgain_IsTheSameObject()
    {
        var model = Trained(seed: 1).Embeddings!;
        var taste = _node.TasteOf("user-0");

        Assert.Same(Fold(), Fold());
        Assert.NotSame(Fold(), taste.Fold(Trained(seed: 2).Embeddings!, (m, t) => FoldedTaste.Of(m, t, _node.Titles)));

        FoldedTaste Fold() => taste.Fold(model, (m, t) => FoldedTaste.Of(m, t, _node.Titles));
    }

    private List<(string TitleId, double Score)> Rank(UserTaste taste, PublishedModel model)
    {
        _node.Model = model;
        var request = new RecommendationRequest { Now = SmallWorld.Start + (24 * 3_600_000), Count = 20 };
        return [.. RecommendationPipeline.Recommend(request, taste, _node.Catalogue, new Scratch()).Items.Select(static item => (item.TitleId, item.Score))];
    }

    private PublishedModel Trained(int seed)
    {
        var events = new TrainingData([.. SmallWorld.Titles()], [.. SmallWorld.Events(seed: seed)]).ToInteractions();
        return ModelTrainer.WithEmbeddings(PublishedModel.Untrained, events, _node.Catalogue, new EmbeddingOptions { Dimension = 16, Sweeps = 3, Seed = seed });
    }
}
