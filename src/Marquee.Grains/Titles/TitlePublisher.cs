using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Titles;

/// <summary>Has titles' grains, which should be on this silo, take over what changed, and hands their rows to the catalogue feed.</summary>
/// <remarks>In a cluster each silo brings its share of a title, all in the same beat of their <see cref="TitleCourier"/>: what comes within a moment is taken over once, and makes one row.</remarks>
internal sealed class TitlePublisher(IGrainFactory grains, GrainReferences<ITitleGrain> titles, LocalTitles local, PackedForms packed, IOptions<MarqueeOptions> options, TimeProvider time, ILogger<TitlePublisher> logger)
{
    /// <summary>How long the first call of a beat waits for those of the other silos.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the feed that answered last is taken for the living one. One that began anew meanwhile is found out by the partitions, which tell it how far they have come.</summary>
    private static readonly TimeSpan FeedIsKnownFor = TimeSpan.FromMilliseconds(250);

    /// <summary>A turn is had in a moment or its grain stands still: then a call says so.</summary>
    private static readonly TimeSpan LongestTurns = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, KnownFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Joint> _gathering = new(StringComparer.Ordinal);

    /// <summary>Takes over and hands on; answers with the titles that could not be, because their grain or the feed did not answer.</summary>
    /// <remarks>Where silos differ for a moment about which activation of the feed is the living one, the partition has to know whom this silo told: it has asked a moment before it tells, so that whoever is told is not an earlier one.</remarks>
    public async Task<TitlesPublished> Publish(string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        if (!options.Value.IsClustered)
        {
            return await PublishNow(tenant, changes);
        }

        Task<TitlesPublished> published;
        lock (_lock)
        {
            if (!_gathering.TryGetValue(tenant, out var joint))
            {
                joint = new Joint();
                _gathering.Add(tenant, joint);
                joint.Published = PublishSoon(tenant, joint);
            }

            joint.Add(changes);
            published = joint.Published;
        }

        var (missed, feed) = await published;
        return new TitlesPublished(missed.IsEmpty ? missed : [.. changes.Select(change => change.TitleId).Where(missed.Contains)], feed);
    }

    private async Task<TitlesPublished> PublishSoon(string tenant, Joint joint)
    {
        await Task.Delay(Gathering, time);
        lock (_lock)
        {
            _gathering.Remove(tenant);
        }

        return await PublishNow(tenant, joint.Changes);
    }

    private async Task<TitlesPublished> PublishNow(string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        var taken = await TakeOver(tenant, changes);
        string[] missed = [.. changes.Where((_, i) => taken[i] is null).Select(change => change.TitleId)];
        try
        {
            var feed = grains.GetGrain<ICatalogueFeedGrain>(tenant);
            var incarnation = await IncarnationOf(feed, tenant);
            ImmutableArray<TitleRowMessage> rows = [.. taken.OfType<TitleRowMessage>()];
            await (packed.AreKnownToAll ? feed.PublishPacked(new PackedTitleRows(rows)) : feed.Publish(rows));
            return new TitlesPublished(ImmutableCollectionsMarshal.AsImmutableArray(missed), incarnation);
        }
        catch (Exception exception)
        {
            _feeds.TryRemove(tenant, out _);
            logger.LogWarning(exception, "The catalogue feed of {Tenant} did not take over {Count} rows; trying again", tenant, changes.Length - missed.Length);
            return new TitlesPublished([.. changes.Select(change => change.TitleId)], Feed: 0);
        }
    }

    /// <summary>Has each title take over what changed: those that are active here by a turn of theirs, others by a call.</summary>
    /// <returns>Their rows, in the order of the changes; null where a title did not.</returns>
    private async Task<TitleRowMessage?[]> TakeOver(string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        string[] keys = [.. changes.Select(change => GrainKeys.Of(tenant, change.TitleId))];
        LocalTurns turns = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = new TitleTurn?[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (FindLocal(tenant, changes[i].TitleId, keys[i]) is { GrainInstance: TitleGrain title } grain)
            {
                turns.Queue(grain, queued[i] = new TitleTurn(title, changes[i]));
            }
        }

        await turns.Settle().WaitAsync(LongestTurns, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var rows = Array.ConvertAll(queued, turn => turn?.Row);
        int[] others = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i] is null)];
        var answers = others.Select(i => titles.Of(keys[i]).Apply(changes[i].Shares)).ToArray();
        await ((Task)Task.WhenAll(answers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        for (var i = 0; i < answers.Length; i++)
        {
            rows[others[i]] = answers[i].IsCompletedSuccessfully ? answers[i].Result : null;
        }

        if (Array.FindIndex(answers, answer => !answer.IsCompletedSuccessfully) is >= 0 and var first)
        {
            logger.LogWarning(
                answers[first].Exception,
                "{Count} titles did not take over what changed, {Title} the first; trying again",
                answers.Count(answer => !answer.IsCompletedSuccessfully),
                changes[others[first]].TitleId);
        }

        return rows;
    }

    private IGrainContext? FindLocal(string tenant, string titleId, string key) =>
        local.Find(PartitionHash.Of(tenant, titleId, options.Value.PartitionCount), GrainId.Create(TitleGrain.Type, key));

    private async ValueTask<long> IncarnationOf(ICatalogueFeedGrain feed, string tenant)
    {
        if (_feeds.TryGetValue(tenant, out var known) && time.GetElapsedTime(known.AskedAt) < FeedIsKnownFor)
        {
            return known.Incarnation;
        }

        var askedAt = time.GetTimestamp();
        var coverage = await feed.GetCovered(partition: 0);
        _feeds[tenant] = new KnownFeed(coverage.Incarnation, askedAt);
        return coverage.Incarnation;
    }

    private sealed record KnownFeed(long Incarnation, long AskedAt);

    /// <summary>What several silos bring together.</summary>
    private sealed class Joint
    {
        private readonly Dictionary<string, ImmutableArray<TitleShareMessage>> _shares = new(StringComparer.Ordinal);

        public Task<TitlesPublished> Published { get; set; } = null!;

        public ImmutableArray<TitleChangeMessage> Changes => [.. _shares.Select(title => new TitleChangeMessage(title.Key, title.Value))];

        public void Add(ImmutableArray<TitleChangeMessage> changes)
        {
            foreach (var (titleId, shares) in changes)
            {
                _shares[titleId] = _shares.TryGetValue(titleId, out var before) ? [.. before, .. shares] : shares;
            }
        }
    }
}
