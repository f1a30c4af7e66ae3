using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Json;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Events;

/// <summary>Takes engagement events in.</summary>
internal sealed class EventEndpoints(EventDispatch dispatch, AdmissionControl admission, GatewayMetrics metrics, TimeProvider time)
{
    private const string NoRoom =
        "is not in the catalogue, and too many titles are known by their events only already: add the title (PUT /v1/titles/{id}), then send the event again";

    public void Map(IEndpointRouteBuilder app) => app.MapCall("POST", "/v1/events", EventDescriptions.Append, PostAsync);

    private async Task<IResult> PostAsync(HttpContext context)
    {
        if (new RequestQuery(context).Problem is { } invalid)
        {
            return invalid;
        }

        Batch<EngagementMessage> batch;
        using (var body = await RequestBody.ReadAsync(context, admission, allowLines: true))
        {
            if (body.Problem is { } unreadable)
            {
                return unreadable;
            }

            batch = BatchReader.Read(body.Bytes, body.IsLines, new EventParser(time.GetUtcNow()));
        }

        metrics.EventsRejected(batch.Rejected);
        if (batch.Problem is { } unusable)
        {
            return unusable;
        }

        if (!admission.TryBeginWrite())
        {
            metrics.Refused("writes");
            return Problem.Overloaded("Too many writes are in work; nothing was written. Retry after a moment.");
        }

        EventBatchOutcome outcome;
        try
        {
            outcome = await dispatch.AppendAsync(batch);
        }
        finally
        {
            admission.EndWrite();
        }

        metrics.EventsAppended(outcome.Accepted, outcome.Duplicates);
        metrics.EventsRejected(outcome.RefusedTitles.Count);
        batch.Reject(outcome.RefusedTitles, "titleId", NoRoom);
        if (outcome.RefusedTitles.Count > 0 && outcome is { IsComplete: true, Written.Count: 0 })
        {
            return batch.AllBad;
        }

        return outcome.IsComplete
            ? JsonAnswer.Of(Describe(outcome, batch), GatewayJson.Default.EventAcknowledgement, status: StatusCodes.Status202Accepted)
            : Refuse(outcome, batch);
    }

    private static EventAcknowledgement Describe(EventBatchOutcome outcome, Batch<EngagementMessage> batch) => new()
    {
        Accepted = outcome.Accepted,
        Duplicates = outcome.Duplicates,
        Rejected = batch.Rejected,
        Errors = batch.Errors.All,
        Position = outcome.Position!,
    };

    // Some events were not written, so the whole call fails: a client that retries the batch as it was loses and doubles nothing.
    private Problem Refuse(EventBatchOutcome outcome, Batch<EngagementMessage> batch)
    {
        const string Retry = "Send the whole batch again with the same event ids: what was written is not written twice.";
        Problem problem;
        if (outcome.Unknown.Count > 0)
        {
            problem = Problem.OutcomeUnknown($"It is not known whether the events under 'unknown' were written. {Retry}");
        }
        else if (outcome.Unavailable.Count > 0)
        {
            problem = Problem.Unavailable($"{outcome.Reason ?? "The store cannot be written."} {Retry}");
        }
        else
        {
            metrics.Refused("partitions");
            var detail = $"The queue is full. {Retry}";
            problem = outcome.Written.Count == 0 ? Problem.Overloaded(detail) : Problem.Unavailable(detail);
        }

        return problem.With(body => body with
        {
            Accepted = outcome.Accepted,
            Duplicates = outcome.Duplicates,
            Rejected = batch.Rejected,
            Errors = batch.Errors.All,
            Position = outcome.Position,
            Written = Sorted(outcome.Written),
            NotWritten = Sorted([.. outcome.Busy, .. outcome.Unavailable]),
            Unknown = Sorted(outcome.Unknown),
        });
    }

    private static List<int> Sorted(List<int> indices)
    {
        indices.Sort();
        return indices;
    }
}

/// <summary>The answer to a batch of which every good event is durable.</summary>
internal sealed record EventAcknowledgement
{
    /// <summary>Events written.</summary>
    public required int Accepted { get; init; }

    /// <summary>Events whose id was known already; nothing was written for them.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Events that are not valid.</summary>
    public required int Rejected { get; init; }

    /// <summary>What is wrong with the rejected events.</summary>
    public required IReadOnlyList<FieldError> Errors { get; init; }

    /// <summary>Covers every event of the batch; pass it as <c>after</c>.</summary>
    public required string Position { get; init; }
}
