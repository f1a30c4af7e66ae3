using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;
using Marquee.Training.Sequences;

namespace Marquee.Training.Baselines;

/// <summary>Every baseline with the hyper-parameters among which the validation period chooses.</summary>
public static class BaselineGrid
{
    /// <summary>The families, each a list of fresh models to make.</summary>
    public static IReadOnlyList<(string Family, IReadOnlyList<Func<InteractionDataSet, IPrequentialModel>> Candidates)> Families { get; } =
    [
        ("popularity", [data => new PopularityBaseline(data, double.PositiveInfinity)]),
        ("decayed-popularity", [.. new[] { 0.5, 1, 2, 4, 14, 90, 365, 700, 1500 }.Select(Decayed)]),
        ("item-knn", [.. new[] { 0.5, 0.6, 0.7, 0.8, 0.9, 0.97 }.Select(Neighbours)]),
        ("transitions", [data => new TransitionBaseline(data, 1, 1, 10), data => new TransitionBaseline(data, 5, 0.7, 10), data => new TransitionBaseline(data, 10, 0.7, 10), data => new TransitionBaseline(data, 10, 0.85, 10), data => new TransitionBaseline(data, 20, 0.85, 10)]),
        ("ease", [data => new AutoencoderBaseline(data, 300, 0.8), data => new AutoencoderBaseline(data, 300, 0.9)]),
        ("ials", [.. new[] { (0.1f, 0.01f, 0.8), (0.3f, 0.003f, 0.85), (1f, 0.001f, 0.8), (1f, 0.001f, 0.65) }.Select(Factors)]),
        ("bpr", [data => new FactorisationBaseline(data, FactorisationLoss.BayesianPersonalisedRanking, 32, 0.05, 0.01, 10), data => new FactorisationBaseline(data, FactorisationLoss.BayesianPersonalisedRanking, 32, 0.15, 0.005, 20)]),
        ("isgd", [data => new FactorisationBaseline(data, FactorisationLoss.Incremental, 64, 0.05, 0.01, 2), data => new FactorisationBaseline(data, FactorisationLoss.Incremental, 64, 0.1, 0.01, 3)]),
        ("sequence", [.. new[] { (32, 0.3f), (48, 0.2f) }.Select(Recurrent)]),
    ];

    private static Func<InteractionDataSet, IPrequentialModel> Decayed(double halfLife) => data => new PopularityBaseline(data, halfLife);

    private static Func<InteractionDataSet, IPrequentialModel> Recurrent((int Dimension, float Dropout) grid) => data =>
        new SequenceBaseline(data, new SequenceOptions { Dimension = grid.Dimension, Dropout = grid.Dropout });

    private static Func<InteractionDataSet, IPrequentialModel> Neighbours(double decay) => data => new ItemNeighbourBaseline(data, decay, 20);

    private static Func<InteractionDataSet, IPrequentialModel> Factors((float Unobserved, float Regularisation, double Decay) grid) => data =>
        new EmbeddingBaseline(data, new EmbeddingOptions { UnobservedWeight = grid.Unobserved, Regularisation = grid.Regularisation }, grid.Decay);
}
