using Marquee.Contracts.Recommendations;
using Marquee.Engine.Recommendations;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Recommendations;

/// <summary>Says which slots were given to titles of which little is known, and with what chance: what came of them can be weighted by its inverse (Horvitz, Thompson 1952).</summary>
/// <remarks>
/// Every explored slot is counted. Each also is a line of the log at level Debug, off by default since there may be one per
/// answer; <c>Logging:LogLevel:Marquee.Grains.Recommendations.ExplorationLog=Debug</c> turns it on. The line has the id that
/// events echo, so that the two can be joined, and not the viewer, whose erasure would not reach it. The same is in the answer itself, for front ends that keep what they show.
/// </remarks>
internal sealed partial class ExplorationLog(NodeMetrics metrics, ILogger<ExplorationLog> logger)
{
    /// <summary>Notes the explored slots of a slate.</summary>
    public void Note(Slate slate)
    {
        foreach (var item in slate.Items)
        {
            if (item.Origin == RankedTitle.Explored)
            {
                metrics.NoteExplored(slate.Surface);
                LogExplored(slate.RecommendationId, slate.Surface, item.Rank, item.TitleId, item.Propensity ?? 0);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Explored {RecommendationId}: {Surface}, rank {Rank}, title {TitleId}, propensity {Propensity}")]
    private partial void LogExplored(string recommendationId, string surface, int rank, string titleId, double propensity);
}
