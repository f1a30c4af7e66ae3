using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Titles;

/// <summary>Has titles' grains, which should be on this silo, take over what changed, and hands their rows to the catalogue feed.</summary>
/// <remarks>In a cluster each silo brings its share of a title, all in the same beat of their <see cref="TitleCourier"/>: what comes within a moment is taken over once, and makes one row.</remarks>
internal sealed class TitlePublisher(IGrainFactory grains, GrainReferences<ITitleGrain> titles, PackedForms packed, IOptions<MarqueeOptions> options, TimeProvider time, ILogger<TitlePublisher> logger)
{
    /// <summary>How long the first call of a beat waits for those of the other silos.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the feed that answered last is taken for the living one. One that began anew meanwhile is found out by the partitions, which tell it how far they have come.</summary>
    private static readonly TimeSpan FeedIsKnownFor = TimeSpan.FromMilliseconds(250);

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
        var answers = changes.Select(change => titles.Of(GrainKeys.Of(tenant, change.TitleId)).Apply(change.Shares)).ToArray();
        await ((Task)Task.WhenAll(answers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        string[] missed = [.. changes.Where((_, i) => !answers[i].IsCompletedSuccessfully).Select(change => change.TitleId)];
        if (missed.Length > 0)
        {
            var first = answers.First(answer => !answer.IsCompletedSuccessfully);
            logger.LogWarning(first.Exception, "{Count} titles did not take over what changed, {Title} the first; trying again", missed.Length, missed[0]);
        }

        try
        {
            var feed = grains.GetGrain<ICatalogueFeedGrain>(tenant);
            var incarnation = await IncarnationOf(feed, tenant);
            ImmutableArray<TitleRowMessage> rows = [.. answers.Where(answer => answer.IsCompletedSuccessfully).Select(answer => answer.Result)];
            await (packed.AreKnownToAll ? feed.PublishPacked(new PackedTitleRows(rows)) : feed.Publish(rows));
            return new TitlesPublished(ImmutableCollectionsMarshal.AsImmutableArray(missed), incarnation);
        }
        catch (Exception exception)
        {
            _feeds.TryRemove(tenant, out _);
            logger.LogWarning(exception, "The catalogue feed of {Tenant} did not take over {Count} rows; trying again", tenant, answers.Length - missed.Length);
            return new TitlesPublished([.. changes.Select(change => change.TitleId)], Feed: 0);
        }
    }

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
