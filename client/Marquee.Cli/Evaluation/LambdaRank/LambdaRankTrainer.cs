using Marquee.Training.Evaluation.SecondStage;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace Marquee.Cli.Evaluation.LambdaRank;

/// <summary>LambdaRank (Burges 2010) on gradient-boosted trees: LightGBM (Ke et al. 2017) through ML.NET.</summary>
/// <remarks>Only evaluation uses it; no node carries the native library.</remarks>
/// <param name="leaves">Leaves of a tree, at most.</param>
/// <param name="rate">Shrinkage of each tree.</param>
/// <param name="trees">How many trees.</param>
/// <param name="leastRows">Candidates that a leaf needs.</param>
internal sealed class LambdaRankTrainer(int leaves, double rate, int trees, int leastRows = 100) : IListRankerTrainer
{
    /// <summary>What the validation period chooses among.</summary>
    public static IReadOnlyList<IListRankerTrainer> Grid { get; } =
        [new LambdaRankTrainer(8, 0.05, 150), new LambdaRankTrainer(31, 0.05, 150), new LambdaRankTrainer(31, 0.02, 150, leastRows: 500)];

    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"LightGBM {trees} trees of {leaves} leaves of {leastRows} and more, rate {rate}");

    /// <inheritdoc/>
    public IListRanker Fit(IReadOnlyList<TrainingList> lists)
    {
        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, ListFeatures.Count);
        schema[nameof(Row.GroupId)].ColumnType = new KeyDataViewType(typeof(uint), (ulong)lists.Count);
        var fitted = context.Ranking.Trainers.LightGbm(new LightGbmRankingTrainer.Options
        {
            NumberOfLeaves = leaves,
            LearningRate = rate,
            NumberOfIterations = trees,
            MinimumExampleCountPerLeaf = leastRows,
            CustomGains = [0, 1],
            RowGroupColumnName = nameof(Row.GroupId),
            Seed = 1,
            Silent = true,

            // Sums do not depend on how threads share the rows; and threads that wait for each other at every node of every
            // tree come to a stand on a busy machine.
            NumberOfThreads = 1,
        }).Fit(context.Data.LoadFromEnumerable(RowsOf(lists), schema));
        return new TreeEnsemble(fitted.Model.TrainedTreeEnsemble);
    }

    /// <summary>One row per candidate; those of a list stand together.</summary>
    private static IEnumerable<Row> RowsOf(IReadOnlyList<TrainingList> lists)
    {
        for (var list = 0; list < lists.Count; list++)
        {
            var (features, target) = lists[list];
            for (var i = 0; i < features.Length / ListFeatures.Count; i++)
            {
                yield return new Row
                {
                    // A key of 0 would mean that there is none.
                    GroupId = (uint)list + 1,
                    Label = i == target ? 1 : 0,
                    Features = features[(i * ListFeatures.Count)..((i + 1) * ListFeatures.Count)],
                };
            }
        }
    }

    /// <summary>A candidate as ML.NET reads it.</summary>
    private sealed class Row
    {
        public uint GroupId { get; set; }

        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
