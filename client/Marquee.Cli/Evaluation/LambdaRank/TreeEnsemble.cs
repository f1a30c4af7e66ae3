using Marquee.Training.Evaluation.SecondStage;
using Microsoft.ML.Trainers.FastTree;

namespace Marquee.Cli.Evaluation.LambdaRank;

/// <summary>Boosted trees with numerical splits, read once into arrays: a ranking asks them a hundred times.</summary>
internal sealed class TreeEnsemble : IListRanker
{
    private readonly Tree[] _trees;

    /// <summary>Reads trained trees.</summary>
    public TreeEnsemble(TreeEnsemble<RegressionTree> trained) =>
        _trees = [.. trained.Trees.Select((tree, i) => new Tree(
            [.. tree.NumericalSplitFeatureIndexes], [.. tree.NumericalSplitThresholds], [.. tree.LeftChild], [.. tree.RightChild],
            [.. tree.LeafValues.Select(value => value * trained.TreeWeights[i])]))];

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<float> features, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var row = features.Slice(i * ListFeatures.Count, ListFeatures.Count);
            double sum = 0;
            foreach (var tree in _trees)
            {
                sum += tree.Evaluate(row);
            }

            scores[i] = sum;
        }
    }

    /// <summary>One tree; a child below 0 is the complement of a leaf's index.</summary>
    private sealed record Tree(int[] Features, float[] Thresholds, int[] Left, int[] Right, double[] Leaves)
    {
        public double Evaluate(ReadOnlySpan<float> row)
        {
            if (Features.Length == 0)
            {
                return Leaves[0];
            }

            var node = 0;
            while (node >= 0)
            {
                node = row[Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
            }

            return Leaves[~node];
        }
    }
}
