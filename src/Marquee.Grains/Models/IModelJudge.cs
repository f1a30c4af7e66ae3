using Marquee.Contracts.Models;
using Marquee.Engine.Models;

namespace Marquee.Grains.Models;

/// <summary>Compares a model with the one that it would replace, on the last day of the node's own stream.</summary>
public interface IModelJudge
{
    /// <summary>The figures of both; null when there is too little to compare on.</summary>
    Task<ModelTrialFigures?> Compare(PublishedModel candidate, PublishedModel current, CancellationToken cancellationToken);
}
