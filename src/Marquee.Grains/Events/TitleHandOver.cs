using Marquee.Contracts.Catalogue;
using Marquee.Engine.Events;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>Hands the titles that changed in a partition's folds to the courier, a few times a second.</summary>
internal sealed class TitleHandOver(IGrainFactory grains, TitleCourier courier, OpenPartition partition, TimeProvider time, ILogger logger)
{
    /// <summary>How often a partition without changes makes sure that the feed still knows them: it may have begun anew.</summary>
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(5);

    /// <summary>By tenant, the activation of the feed that has been told everything it does not durably cover.</summary>
    private readonly Dictionary<string, long> _feeds = new(StringComparer.Ordinal);
    private long _oldestCommit;
    private long _confirmedAt;
    private bool _isConfirmed;

    /// <summary>Title changes before this offset have reached the catalogue feed.</summary>
    public long PublishedOffset { get; private set; }

    /// <summary>Notes that something was committed, for the freshness metric.</summary>
    public void NoteCommit()
    {
        if (_oldestCommit == 0)
        {
            _oldestCommit = time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    /// <summary>Hands over everything that changed, and tells the feed how far it has come. What could not be handed over stays changed.</summary>
    public async Task Run()
    {
        var upTo = partition.State.NextOffset;
        var isDue = !_isConfirmed || upTo != PublishedOffset || time.GetElapsedTime(_confirmedAt) >= ConfirmInterval;
        if (!isDue && partition.State.Folds.Values.All(fold => !fold.HasChangedTitles))
        {
            return;
        }

        var committedAt = _oldestCommit;
        _oldestCommit = 0;
        var done = true;
        foreach (var (tenant, fold) in partition.State.Folds.ToArray())
        {
            done &= await HandOver(tenant, fold, upTo, committedAt);
        }

        (_isConfirmed, _confirmedAt) = (done, time.GetTimestamp());
        if (done)
        {
            PublishedOffset = upTo;
        }
        else if (_oldestCommit == 0 || committedAt < _oldestCommit)
        {
            _oldestCommit = committedAt;
        }
    }

    private async Task<bool> HandOver(string tenant, EngagementFold fold, long upTo, long committedAt)
    {
        try
        {
            var feed = grains.GetGrain<ICatalogueFeedGrain>(tenant);
            if (!_feeds.ContainsKey(tenant))
            {
                var coverage = await feed.GetCovered(partition.Number);
                fold.MarkChangedSince(coverage.Offset);
                PublishedOffset = Math.Min(PublishedOffset, coverage.Offset);
                _feeds[tenant] = coverage.Incarnation;
            }

            var changed = fold.TakeChangedTitles();
            if (changed.Count > 0)
            {
                var carried = await courier.Carry(tenant, changed.Select(title => (title.TitleId, title.ToMessage(partition.Number, committedAt))));
                if (carried.Feeds.Any(told => told != _feeds[tenant]))
                {
                    // Another silo told another activation of the feed: nobody knows what this one lacks.
                    _feeds.Remove(tenant);
                    foreach (var title in changed)
                    {
                        fold.ReturnChangedTitle(title);
                    }

                    return false;
                }

                if (carried.Missed.Count > 0 && changed.Where(title => carried.Missed.Contains(title.TitleId)).ToArray() is { Length: > 0 } again)
                {
                    Array.ForEach(again, fold.ReturnChangedTitle);
                    return false;
                }
            }

            if (await feed.NoteCovered(partition.Number, upTo, _feeds[tenant]))
            {
                return true;
            }

            // The feed has begun anew from what it had stored.
            _feeds.Remove(tenant);
            return false;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The catalogue feed of {Tenant} does not answer partition {Partition}; trying again", tenant, partition.Number);
            return false;
        }
    }
}
