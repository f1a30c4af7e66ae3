using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

/// <summary>How far what is kept up to date may be from what is made anew from the whole history.</summary>
public sealed class DivergenceTests
{
    private static readonly EmbeddingOptions Options = new() { Dimension = 16, Sweeps = 12 };

    private static readonly Interaction[] Events =
        new TrainingData([.. SmallWorld.Titles()], [.. SmallWorld.Events(users: 120, titlesEach: 16)]).ToInteractions();

    /// <summary>
    /// Embeddings that went on through six trainings, each from the last one's, against embeddings of the whole history from
    /// nothing. Their axes differ; what ranking sees is inner products. This world's tastes within a genre are noise, so two
    /// trainings from nothing differ too: the bound is that going on is no further from a training anew than two of those
    /// from each other, and in any case a correlation of all viewer-title scores of at least .8.
    /// </summary>
    [Fact]
    public void Embeddings_TrainedOnAndOn_ScoreLikeThoseTrainedAnew()
    {
        EmbeddingModel? carried = null;
        for (var part = 5; part <= 10; part++)
        {
            carried = ModelTrainer.TrainEmbeddings(Events.AsSpan(0, Events.Length * part / 10), Options, carried, out _);
        }

        var anew = Scores(ModelTrainer.TrainEmbeddings(Events, Options with { Seed = 2 }, null, out _)!);
        var another = Scores(ModelTrainer.TrainEmbeddings(Events, Options with { Seed = 3 }, null, out _)!);

        var (correlation, chance) = (Correlation(Scores(carried!), anew), Correlation(another, anew));
        Assert.True(correlation > 0.8 && correlation > chance - 0.03, $"The scores correlate by {correlation}, those of two trainings from nothing by {chance}.");
    }

    /// <summary>
    /// The live state after every event one by one, each followed by a ranking, against the state that is built from the
    /// whole history at once. Bound: every feature of every title within 1e-3 where time cannot have moved on between refreshes.
    /// </summary>
    [Fact]
    public void LiveState_MovedEventByEvent_RanksLikeTheStateBuiltAtOnce()
    {
        var live = new InProcessNode(SmallWorld.Titles());
        var built = new InProcessNode(SmallWorld.Titles());
        foreach (var interaction in Events)
        {
            live.Apply(interaction.Event);
            _ = live.Catalogue;
            built.Apply(interaction.Event);
        }

        // A title that changes when the stream's clock moves far on has all features computed anew in both.
        var later = SmallWorld.Like("late", "Western-0", Events[^1].Event.OccurredAt + (24 * 3_600_000));
        live.Apply(later);
        built.Apply(later);
        var now = later.OccurredAt;

        for (var user = 0; user < 30; user++)
        {
            var request = new RecommendationRequest { Now = now, Count = 30 };
            var one = RecommendationPipeline.Recommend(request, live.TasteOf($"user-{user}"), live.Catalogue, new Scratch()).Items;
            var other = RecommendationPipeline.Recommend(request, built.TasteOf($"user-{user}"), built.Catalogue, new Scratch()).Items
                .ToDictionary(static item => item.TitleId, static item => item.Score);
            Assert.NotEmpty(one);
            Assert.All(one, item => Assert.Equal(other[item.TitleId], item.Score, 1e-3));
        }
    }

    private static double[] Scores(EmbeddingModel model)
    {
        var node = SmallWorld.Node();
        var scores = new List<double>();
        for (var user = 0; user < 40; user++)
        {
            var folded = FoldedTaste.Of(model, node.TasteOf($"user-{user}"), node.Titles);
            scores.AddRange(SmallWorld.Titles().Select(title => (double)TensorPrimitives.Dot<float>(folded.Lasting, model.Of(title.TitleId))));
        }

        return [.. scores];
    }

    private static double Correlation(double[] one, double[] other)
    {
        var (mean, otherMean) = (one.Average(), other.Average());
        var covariance = one.Zip(other, (a, b) => (a - mean) * (b - otherMean)).Sum();
        return covariance / Math.Sqrt(one.Sum(a => (a - mean) * (a - mean)) * other.Sum(b => (b - otherMean) * (b - otherMean)));
    }
}
