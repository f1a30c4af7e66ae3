using Marquee.Training.Baselines;

namespace Marquee.Tests.Training;

public sealed class HybridFactorisationTests
{
    private const int TitlesPerKind = 10;

    /// <remarks>Features 0 and 1 are two kinds; titles 0 to 19 are of one each, and have an id; 20 and 21 are told by their kind alone.</remarks>
    [Fact]
    public void Train_UsersOfOneKind_RankTitlesWithoutIdByTheirKind()
    {
        int[][] features = [.. Enumerable.Range(0, 2 * TitlesPerKind).Select(static title => (int[])[title % 2, 2 + title]), [0], [1]];
        int[][] positives = [.. Enumerable.Range(0, 30).Select(static user => Enumerable.Range(0, 4).Select(turn => (user % 2) + (2 * ((user + turn) % TitlesPerKind))).ToArray())];
        var model = new HybridFactorisation(positives.Length, features, new HybridFactorisationOptions { Dimension = 4 });

        model.Train(positives, [.. Enumerable.Range(0, 2 * TitlesPerKind)]);

        for (var user = 0; user < positives.Length; user++)
        {
            Assert.True(model.Score(user, 20 + (user % 2)) > model.Score(user, 21 - (user % 2)), $"user {user}");
        }
    }

    /// <remarks>The first step of AdaGrad is the learning rate times the gradient, so the gradient can be read from it. What both titles had would move there and back in two steps.</remarks>
    [Fact]
    public void Step_FirstOne_GoesAgainstTheFiniteDifferencesOfTheLoss()
    {
        const float Rate = 0.01f, Weight = 1.7f, Change = 0.05f;
        int[][] features = [[0, 2], [1, 3, 4]];
        HybridFactorisation Model() => new(1, features, new HybridFactorisationOptions { Dimension = 3, LearningRate = Rate });
        static HybridFactorisation.Parameters[] Parts(HybridFactorisation model) => [model.Users, model.Embeddings, model.Biases];
        static float Loss(HybridFactorisation model) => Weight * (model.Score(0, 1) - model.Score(0, 0));
        var stepped = Model();
        stepped.Step(0, 0, 1, Weight);
        for (var part = 0; part < 3; part++)
        {
            for (var i = 0; i < Parts(stepped)[part].Values.Length; i++)
            {
                var (above, below) = (Model(), Model());
                Parts(above)[part].Values[i] += Change;
                Parts(below)[part].Values[i] -= Change;
                var gradient = (Loss(above) - Loss(below)) / (2 * Change);
                var moved = Parts(stepped)[part].Values[i] - Parts(Model())[part].Values[i];
                Assert.Equal(-Rate * gradient, moved, 5);
            }
        }
    }
}
