using Marquee.Cli.Terminal;
using Marquee.Client;
using Marquee.Client.Events;
using Marquee.Client.Titles;

namespace Marquee.Cli.Load.Worlds;

/// <summary>Brings a world into a node before the load: titles, then what their users have done so far.</summary>
/// <param name="client">The node.</param>
/// <param name="world">The world.</param>
/// <param name="seed">Its seed.</param>
/// <param name="titles">Whether to publish the titles.</param>
/// <param name="past">How many events have been before.</param>
/// <remarks>Ids are functions of the world: published again within the node's memory for ids, it changes nothing.</remarks>
internal sealed class WorldPublisher(MarqueeClient client, SimulatedWorld world, int seed, bool titles, long past)
{
    private const int EventsPerCall = 500;
    private const int CallsAtOnce = 4;

    private long _titlesDone;
    private long _pastDone;

    /// <summary>The lines of a progress display.</summary>
    public IReadOnlyList<ProgressState> Progress() =>
    [
        .. titles ? [new ProgressState("titles", Interlocked.Read(ref _titlesDone), world.Titles.Count, "")] : Array.Empty<ProgressState>(),
        .. past > 0 ? [new ProgressState("events of the past", Interlocked.Read(ref _pastDone), past, "")] : Array.Empty<ProgressState>(),
    ];

    /// <summary>Publishes.</summary>
    /// <returns>False when it was interrupted.</returns>
    /// <exception cref="CommandFailure">The node refuses what a world consists of.</exception>
    public async Task<bool> RunAsync(CancellationToken interrupted, CancellationToken abandoned)
    {
        for (var first = 0; titles && first < world.Titles.Count && !interrupted.IsCancellationRequested; first += MarqueeClient.TitlesPerCallMax)
        {
            Title[] batch = [.. Enumerable.Range(first, Math.Min(MarqueeClient.TitlesPerCallMax, world.Titles.Count - first)).Select(rank => world.Titles.MetadataOf(seed, rank))];
            var outcome = await client.UpsertTitlesAsync(batch, abandoned);
            Require(outcome.Errors);
            Interlocked.Add(ref _titlesDone, batch.Length);
        }

        var calls = (int)((past + EventsPerCall - 1) / EventsPerCall);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, calls).TakeWhile(_ => !interrupted.IsCancellationRequested),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = abandoned },
            async (call, cancelled) =>
            {
                var first = (long)call * EventsPerCall;
                EngagementEvent[] batch = [.. Enumerable.Range(0, (int)Math.Min(EventsPerCall, past - first)).Select(i => PastEvent(first + i))];
                Require((await client.SendEventsAsync(batch, cancelled)).Errors);
                Interlocked.Add(ref _pastDone, batch.Length);
            });
        return !interrupted.IsCancellationRequested;
    }

    private EngagementEvent PastEvent(long number)
    {
        var chance = world.ChanceAt(ChanceStream.Past, number);
        var engagement = world.DrawEngagement(ref chance);
        return new EngagementEvent
        {
            EventId = FormattableString.Invariant($"w{seed}-past-{number}"),
            UserId = FormattableString.Invariant($"{world.UserPrefix}{engagement.User}"),
            TitleId = world.Titles.IdOf(engagement.Title),
            Type = new EngagementType(engagement.Type),
            Value = engagement.Stars,
        };
    }

    private static void Require(IReadOnlyList<ItemError> errors)
    {
        if (errors is [var first, ..])
        {
            throw new CommandFailure($"The node refuses what the simulated world consists of: {first}.", "Is it of the same version as this command?");
        }
    }
}
