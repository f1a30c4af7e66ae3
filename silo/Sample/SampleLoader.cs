using System.Collections.Immutable;
using System.Diagnostics;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Engine.Events;
using Marquee.Grains;
using Microsoft.Extensions.Options;

namespace Marquee.Silo.Sample;

/// <summary>Loads the sample through the same grains as every event: titles into the catalogue, ratings as events in time order.</summary>
/// <remarks>Event ids come from the ratings, so that a load that was cut off goes on where it stood and nothing counts twice.</remarks>
public sealed class SampleLoader(IGrainFactory grains, IOptions<MarqueeOptions> options, SampleMark mark, ILogger<SampleLoader> logger)
{
    private const int TitlesPerCall = 1_000;
    private const int EventsPerRound = 4_000;

    /// <summary>Whether the store holds all of it.</summary>
    public async Task<bool> IsLoaded() => (await mark.Read()).IsComplete;

    /// <summary>Loads what is missing.</summary>
    /// <param name="progress">Told what is being done and how far it is, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public async Task Load(Action<string, double> progress, CancellationToken cancellationToken)
    {
        var done = await mark.Read();
        if (done.IsComplete)
        {
            return;
        }

        var clock = Stopwatch.StartNew();
        var titles = MovieTweetingsSample.ReadTitles().Select(ToMessage).ToArray();
        await LoadTitles(titles, progress, cancellationToken);
        var ratings = MovieTweetingsSample.ReadRatings();
        await LoadEvents(ratings, done.Events, progress, cancellationToken);
        await mark.Write(ratings.Count, isComplete: true);
        logger.LogInformation(
            "Loaded the sample: {Titles} titles and {Events} events in {Seconds:0.0} s",
            titles.Length,
            ratings.Count,
            clock.Elapsed.TotalSeconds);
    }

    private async Task LoadTitles(TitleMessage[] titles, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var feed = grains.GetGrain<ICatalogueFeedGrain>(options.Value.Tenant);
        var loaded = 0;
        foreach (var chunk in titles.Chunk(TitlesPerCall))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await feed.Upsert([.. chunk]);
            if (result.Outcome != CatalogueWriteOutcome.Written)
            {
                throw new InvalidOperationException($"The sample's titles could not be written: {result.Reason}");
            }

            progress("titles", (loaded += chunk.Length) / (double)titles.Length);
        }
    }

    private async Task LoadEvents(IReadOnlyList<SampleRating> ratings, int from, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var tenant = options.Value.Tenant;
        for (var start = from; start < ratings.Count; start += EventsPerRound)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(start + EventsPerRound, ratings.Count);
            var byPartition = Enumerable.Range(start, end - start)
                .Select(i => ToMessage(ratings[i]))
                .GroupBy(message => PartitionHash.Of(tenant, message.UserId, options.Value.PartitionCount));
            await Task.WhenAll(byPartition.Select(group => Append(tenant, group.Key, [.. group], cancellationToken)));
            await mark.Write(end, isComplete: false);
            progress("events", end / (double)ratings.Count);
        }
    }

    private async Task Append(string tenant, int partition, ImmutableArray<EngagementMessage> events, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await grains.GetGrain<IEventPartitionGrain>(partition).Append(tenant, events);
            if (result.Outcome == AppendOutcome.Accepted)
            {
                return;
            }

            if (result.Outcome == AppendOutcome.Unavailable)
            {
                throw new InvalidOperationException($"The sample's events could not be written: {result.Reason}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private static TitleMessage ToMessage(SampleTitle title) => new()
    {
        TitleId = title.TitleId,
        Name = title.Name,
        Kind = TitleKind.Film,
        ReleaseYear = title.Year,
        Genres = [.. title.Genres],
    };

    private static EngagementMessage ToMessage(SampleRating rating)
    {
        var engagement = RatingMapping.Map(rating.Rating, RatingScale.TenPoint);
        return new EngagementMessage
        {
            EventId = RatingMapping.EventId(rating.UserId, rating.TitleId, rating.UnixTimeSeconds),
            UserId = rating.UserId,
            TitleId = rating.TitleId,
            Type = (Contracts.Events.EngagementType)engagement.Type,
            Value = engagement.Value,
            OccurredAt = rating.UnixTimeSeconds * 1000,
        };
    }
}
