using Marquee.Client.Events;
using Marquee.Client.Http;

namespace Marquee.Client;

public sealed partial class MarqueeClient
{
    /// <summary>The most events that one call may carry.</summary>
    public const int EventsPerCallMax = 1000;

    /// <summary>Sends one event.</summary>
    /// <inheritdoc cref="SendEventsAsync"/>
    public Task<EventBatchOutcome> SendEventAsync(EngagementEvent engagement, CancellationToken cancellationToken = default) =>
        SendEventsAsync([engagement], cancellationToken);

    /// <summary>Sends a batch of events. When it returns, the accepted ones are durable and counted once.</summary>
    /// <param name="events">1 to <see cref="EventsPerCallMax"/> events; those without an id get one before the first attempt.</param>
    /// <param name="cancellationToken">Ends the call; what was sent may have landed.</param>
    /// <returns>The counts, and an error for each item that was refused, even when it is all of them; the others are kept.</returns>
    /// <exception cref="ArgumentException">No events, too many, or a number that JSON cannot hold (not-a-number, infinity).</exception>
    /// <exception cref="MarqueeProblemException">The node refused the call as a whole.</exception>
    /// <exception cref="MarqueeUnavailableException">
    /// The budget is spent; <see cref="MarqueeUnavailableException.UnacknowledgedEvents"/> are what to send again.
    /// </exception>
    public async Task<EventBatchOutcome> SendEventsAsync(IReadOnlyList<EngagementEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count is 0 or > EventsPerCallMax)
        {
            throw new ArgumentException($"A call carries 1 to {EventsPerCallMax} events, not {events.Count}.", nameof(events));
        }

        var named = events.Select(WithId).ToArray();
        var body = NdjsonBody.Write(named, MarqueeJson.Default.EngagementEvent);
        try
        {
            var (outcome, attempts) = await CallAsync(HttpMethod.Post, "v1/events", body, MarqueeJson.Default.EventBatchOutcome, cancellationToken).ConfigureAwait(false);
            return outcome with { Attempts = attempts };
        }
        catch (MarqueeProblemException problem) when (problem.RefusesEachOf(events.Count))
        {
            return new EventBatchOutcome { Rejected = events.Count, Errors = problem.Errors };
        }
        catch (MarqueeUnavailableException exception)
        {
            throw new MarqueeUnavailableException(exception.Address, exception.Attempts, exception.Elapsed, exception.MaybeApplied, exception.InnerException!)
            {
                UnacknowledgedEvents = named,
            };
        }
    }

    private EngagementEvent WithId(EngagementEvent engagement) => engagement.EventId is not null
        ? engagement
        : engagement with { EventId = Guid.CreateVersion7(_options.TimeProvider.GetUtcNow()).ToString() };
}
