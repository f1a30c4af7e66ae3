using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>
/// Bounds how many titles there are of which only events are known: every one is a row in each node's memory, and whoever
/// sends events can make ids up.
/// </summary>
/// <remarks>The bound is the replica's: titles that came in the last moment, or by another node, may pass it by a little. While a node that starts has not read the whole catalogue, its partitions refuse nothing.</remarks>
internal sealed class TitleAdmission(CatalogueReplica replica, IOptions<MarqueeOptions> options)
{
    /// <summary>The indices of the events whose title neither the catalogue nor the partition knows, once there is no room for more such titles.</summary>
    /// <param name="events">A batch.</param>
    /// <param name="fold">The partition's. What was written here before is known to it, so the retry of an event is never refused.</param>
    public ImmutableArray<int> Refuse(ImmutableArray<EngagementMessage> events, EngagementFold fold)
    {
        var catalogue = replica.Current;
        if (!replica.IsComplete || catalogue.UnknownTitleCount < options.Value.MostUnknownTitles)
        {
            return [];
        }

        var refused = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < events.Length; i++)
        {
            if (catalogue.Find(events[i].TitleId) is null && fold.Find(events[i].TitleId) is null)
            {
                refused.Add(i);
            }
        }

        return refused.ToImmutable();
    }
}
