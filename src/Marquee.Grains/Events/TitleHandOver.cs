using Marquee.Contracts.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>Hands the titles that changed in a partition's folds to the courier, with each of its beats.</summary>
internal sealed class TitleHandOver(IGrainFactory grains, TitleCourier courier, OpenPartition partition, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// How often a partition whose titles change tells the feed how far it has come. What the feed may lack is told by the
    /// rounds; this only bounds what is told again when it begins anew, and is a call to another silo for each partition.
    /// </summary>
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a partition without changes makes sure that the feed still knows them: it may have begun anew.</summary>
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(5);

    /// <summary>By tenant, the activation of the feed that has been told everything it does not durably cover.</summary>
    private readonly Dictionary<string, long> _feeds = new(StringComparer.Ordinal);
    private long _oldestCommit;
    private long _notedAt;
    private long _notedOffset;
    private bool _isNoted;
    private bool _isStopped;

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

    private bool HasChanges => partition.State.Folds.Values.Any(fold => fold.HasChangedTitles);

    /// <summary>Hands over everything that changed, with each beat of the courier until nothing has, and from time to time tells the feed how far it has come. What could not be handed over stays changed.</summary>
    public async Task Run()
    {
        while (await RunOnce() && HasChanges && !_isStopped)
        {
        }
    }

    /// <summary>Begins nothing any more.</summary>
    public void Stop() => _isStopped = true;

    /// <returns>Whether everything that had to be told was told.</returns>
    private async Task<bool> RunOnce()
    {
        var hasChanges = HasChanges;
        if (hasChanges)
        {
            await courier.NextBeat();
        }

        var upTo = partition.State.NextOffset;
        var isNoteDue = !_isNoted || time.GetElapsedTime(_notedAt) >= (upTo == _notedOffset ? ConfirmInterval : NoteInterval);
        if (!isNoteDue && !hasChanges)
        {
            return true;
        }

        var committedAt = _oldestCommit;
        _oldestCommit = 0;
        var done = true;
        foreach (var (tenant, fold) in partition.State.Folds.ToArray())
        {
            done &= await HandOver(tenant, fold, committedAt) && (!isNoteDue || await Note(tenant, upTo));
        }

        if (!done)
        {
            _isNoted = false;
            if (_oldestCommit == 0 || committedAt < _oldestCommit)
            {
                _oldestCommit = committedAt;
            }

            return false;
        }

        PublishedOffset = upTo;
        if (isNoteDue)
        {
            (_isNoted, _notedAt, _notedOffset) = (true, time.GetTimestamp(), upTo);
        }

        return true;
    }

    private async Task<bool> HandOver(string tenant, EngagementFold fold, long committedAt)
    {
        try
        {
            if (!_feeds.ContainsKey(tenant))
            {
                var coverage = await FeedOf(tenant).GetCovered(partition.Number);
                fold.MarkChangedSince(coverage.Offset);
                PublishedOffset = Math.Min(PublishedOffset, coverage.Offset);
                _feeds[tenant] = coverage.Incarnation;
            }

            var changed = fold.TakeChangedTitles();
            if (changed.Count == 0)
            {
                return true;
            }

            var carried = await courier.Carry(tenant, changed.Select(title => (title.TitleId, title.ToMessage(partition.Number, committedAt))));
            var isAnotherTold = carried.Feeds.Any(told => told != _feeds[tenant]);
            if (isAnotherTold)
            {
                // Another silo told another activation of the feed: nobody knows what this one lacks.
                _feeds.Remove(tenant);
            }

            TitleAccumulator[] again = [.. changed.Where(title => isAnotherTold || carried.Missed.Contains(title.TitleId))];
            Array.ForEach(again, fold.ReturnChangedTitle);
            return again.Length == 0;
        }
        catch (Exception exception)
        {
            LogSilent(exception, tenant);
            return false;
        }
    }

    private async Task<bool> Note(string tenant, long upTo)
    {
        try
        {
            if (await FeedOf(tenant).NoteCovered(partition.Number, upTo, _feeds[tenant]))
            {
                return true;
            }

            // The feed has begun anew from what it had stored.
            _feeds.Remove(tenant);
        }
        catch (Exception exception)
        {
            LogSilent(exception, tenant);
        }

        return false;
    }

    private ICatalogueFeedGrain FeedOf(string tenant) => grains.GetGrain<ICatalogueFeedGrain>(tenant);

    private void LogSilent(Exception exception, string tenant) =>
        logger.LogWarning(exception, "The catalogue feed of {Tenant} does not answer partition {Partition}; trying again", tenant, partition.Number);
}
