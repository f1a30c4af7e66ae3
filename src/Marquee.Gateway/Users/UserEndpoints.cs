using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Events;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Marquee.Gateway.Recommendations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Users;

/// <summary>Shows what is held of a viewer, and erases it.</summary>
internal sealed class UserEndpoints(
    GrainReferences<IUserGrain> users,
    EventDispatch dispatch,
    GrainReads reads,
    AdmissionControl admission,
    KeptAnswers kept,
    IPeerAnswers peers,
    GatewayMetrics metrics,
    TimeProvider time,
    IOptions<GatewayOptions> options)
{
    private readonly string _tenant = options.Value.Tenant;
    private readonly int _partitionCount = options.Value.PartitionCount;
    private readonly TimeSpan _tellBudget = options.Value.WriteRetryBudget > TimeSpan.Zero ? options.Value.WriteRetryBudget : TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapCall(
            "GET", "/v1/users/{id}/history", UserDescriptions.History, GetHistoryAsync,
            SharedParameters.Limit, SharedParameters.HistoryCursor, SharedParameters.After);
        app.MapCall("DELETE", "/v1/users/{id}", UserDescriptions.Erase, EraseAsync);
    }

    private async Task<IResult> GetHistoryAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var userId = query.Id("userId");
        var limit = query.Read(SharedParameters.Limit);
        var cursor = query.Read(SharedParameters.HistoryCursor);
        var after = query.Read(SharedParameters.After, PartitionHash.Of(_tenant, userId, _partitionCount));
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var user = users.Of($"{_tenant}/{userId}");
        var erasure = kept.ErasureOf(userId);
        var page = await reads.InsistAsync("GetHistory", () => user.GetHistory(limit, cursor, ViewerReads.Later(after, erasure)));
        return page.IsThere && !ErasedViewers.IsBefore(erasure, page.Value!.Position)
            ? JsonAnswer.Of(HistoryBody.Of(userId, page.Value!), GatewayJson.Default.HistoryBody)
            : page.ProblemOf("The user's state");
    }

    private async Task<IResult> EraseAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var userId = query.Id("userId");
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        if (!admission.TryBeginWrite())
        {
            metrics.Refused("writes");
            return Problem.Overloaded("Too many writes are in work; nothing was erased. Retry after a moment.");
        }

        try
        {
            return await EraseAsync(userId);
        }
        finally
        {
            admission.EndWrite();
        }
    }

    private async Task<IResult> EraseAsync(string userId)
    {
        var result = await dispatch.EraseAsync(userId);
        return result.Outcome switch
        {
            AppendOutcome.Accepted => await ForgetAsync(userId, result.Position)
                ? Results.NoContent()
                : Problem.OutcomeUnknown("The user is erased, but another node could not be told in time, and may still give an answer of before. Send it again: erasing twice is harmless."),
            AppendOutcome.Busy => Problem.Overloaded("The queue is full; nothing was erased. Retry after a moment."),
            AppendOutcome.Unavailable => Problem.Unavailable($"{result.Reason ?? "The store cannot be written."} Nothing was erased. Retry after a moment."),
            _ => Problem.OutcomeUnknown("It is not known whether the user was erased. Send it again: erasing twice is harmless."),
        };
    }

    /// <summary>Has every node forget what it keeps of its answers to the viewer; false when one could not be told.</summary>
    private async Task<bool> ForgetAsync(string userId, LogPosition erasure)
    {
        kept.Forget(userId, erasure);
        try
        {
            using var timeout = new CancellationTokenSource(_tellBudget, time);
            await peers.ForgetAsync(userId, erasure, timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What is held of a viewer.</summary>
internal sealed record HistoryBody
{
    /// <summary>The viewer.</summary>
    public required string UserId { get; init; }

    /// <summary>Newest event time first; empty for a viewer that nobody knows.</summary>
    public required IReadOnlyList<HistoryEventBody> Events { get; init; }

    /// <summary>Cursor of the next page; absent at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The position that the answer covers; absent when nothing of the viewer is known.</summary>
    public string? Position { get; init; }

    /// <summary>Older than asked for: the log could not be asked in time.</summary>
    public required bool Degraded { get; init; }

    public static HistoryBody Of(string userId, HistoryPage page) => new()
    {
        UserId = userId,
        Events = [.. page.Events.Select(HistoryEventBody.Of)],
        Next = page.Next,
        Position = page.Position.Offset < 0 ? null : page.Position.ToString(),
        Degraded = page.Degraded,
    };
}

/// <summary>One event of a viewer's history.</summary>
internal sealed record HistoryEventBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The title.</summary>
    public required string TitleId { get; init; }

    /// <summary>What happened.</summary>
    public required string Type { get; init; }

    /// <summary>Stars or what else was sent.</summary>
    public double? Value { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTime OccurredAt { get; init; }

    public static HistoryEventBody Of(HistoryEntry entry) => new()
    {
        EventId = entry.EventId,
        TitleId = entry.TitleId,
        Type = EngagementTypeNames.Of(entry.Type),
        Value = entry.Value,
        OccurredAt = Instant.Of(entry.OccurredAt),
    };
}
