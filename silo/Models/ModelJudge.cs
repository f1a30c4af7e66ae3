using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Models;
using Marquee.Grains.Users;
using Marquee.Training;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Silo.Models;

/// <summary>Compares models on the history that the node's store holds.</summary>
public sealed class ModelJudge(CatalogueReplica replica, HistoryReader histories) : IModelJudge
{
    /// <inheritdoc/>
    public async Task<ModelTrialFigures?> Compare(PublishedModel candidate, PublishedModel current, CancellationToken cancellationToken)
    {
        var data = new TrainingData(replica.Metadata, await histories.ReadAll(cancellationToken));
        var result = await TrainingThreads.Run("model trial", () => ModelTrial.Run(data, candidate, current, cancellationToken));
        return result is null
            ? null
            : new ModelTrialFigures(
                result.Lists, result.Recall10, result.Ndcg10, current.Version, result.CurrentRecall10, result.CurrentNdcg10, result.StandardError, result.HasSeenPeriod);
    }
}
