using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Titles;

/// <summary>Changes the catalogue, and answers when the change is durable and this node's replica shows it.</summary>
/// <remarks>
/// What is of unknown outcome is written again (<see cref="WriteRetries"/>): a title that is written twice is the same title. Then
/// a title that was new counts as replaced when an earlier attempt has made it.
/// </remarks>
internal sealed partial class TitleWrites(
    IGrainFactory grains,
    AdmissionControl admission,
    WriteRetries retries,
    GatewayMetrics metrics,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<TitleWrites> logger)
{
    private static readonly CatalogueWriteResult Unknown = new(CatalogueWriteOutcome.Unknown, 0, 0, 0, null);
    private static readonly CatalogueWriteResult Busy = new(CatalogueWriteOutcome.Busy, 0, 0, 0, null);

    private readonly ICatalogueFeedGrain _feed = grains.GetGrain<ICatalogueFeedGrain>(options.Value.Tenant);
    private readonly ICatalogueReaderGrain _catalogue = grains.GetGrain<ICatalogueReaderGrain>(options.Value.Tenant);
    private readonly TimeSpan _visibilityTimeout = options.Value.VisibilityTimeout;

    /// <summary>Adds or replaces titles; the later one counts when an id comes twice. The problem is null when it was written.</summary>
    public Task<(CatalogueWriteResult Result, Problem? Problem)> UpsertAsync(IEnumerable<TitleMessage> titles)
    {
        ImmutableArray<TitleMessage> distinct = [.. titles.Reverse().DistinctBy(title => title.TitleId, StringComparer.Ordinal).Reverse()];
        return WriteAsync(() => _feed.Upsert(distinct));
    }

    /// <summary>Removes a title; the problem is null when it was removed.</summary>
    public async Task<Problem?> DeleteAsync(string titleId)
    {
        var (result, problem) = await WriteAsync(() => _feed.Delete(titleId));
        return result.Outcome == CatalogueWriteOutcome.NotFound ? Problem.NotFound($"No title {titleId} is known.") : problem;
    }

    private async Task<(CatalogueWriteResult Result, Problem? Problem)> WriteAsync(Func<Task<CatalogueWriteResult>> write)
    {
        var result = await GuardAsync(write);
        if (result.Outcome is CatalogueWriteOutcome.Written)
        {
            await ShowAsync(result.Version);
        }

        return (result, result.Outcome switch
        {
            CatalogueWriteOutcome.Written or CatalogueWriteOutcome.NotFound => null,
            CatalogueWriteOutcome.Busy => Problem.Overloaded("Too many writes are in work; nothing was written. Retry after a moment."),
            CatalogueWriteOutcome.Unavailable => Problem.Unavailable($"{result.Reason ?? "The store cannot be written."} Nothing was written. Retry after a moment."),
            _ => Problem.OutcomeUnknown("It is not known whether it was written. Send it again: writing it twice is harmless."),
        });
    }

    private async Task<CatalogueWriteResult> GuardAsync(Func<Task<CatalogueWriteResult>> write)
    {
        if (!admission.TryBeginWrite())
        {
            metrics.Refused("writes");
            return Busy;
        }

        try
        {
            var writing = InsistAsync(write);
            await retries.WithinAsync(writing);
            return writing.IsCompletedSuccessfully ? writing.Result : Unknown;
        }
        finally
        {
            admission.EndWrite();
        }
    }

    private async Task<CatalogueWriteResult> InsistAsync(Func<Task<CatalogueWriteResult>> write)
    {
        var started = time.GetTimestamp();
        var result = await TryAsync(write);
        return await retries.RepeatAsync(result, () => TryAsync(write), Settle, static result => result.Outcome == CatalogueWriteOutcome.Unknown, started);
    }

    /// <summary>What an attempt says of all: a title that is not there any more was removed by one before it, and a refusal tells of this one only.</summary>
    private static CatalogueWriteResult Settle(CatalogueWriteResult again) => again.Outcome switch
    {
        CatalogueWriteOutcome.Written => again,
        CatalogueWriteOutcome.NotFound => again with { Outcome = CatalogueWriteOutcome.Written },
        _ => again with { Outcome = CatalogueWriteOutcome.Unknown },
    };

    private async Task<CatalogueWriteResult> TryAsync(Func<Task<CatalogueWriteResult>> write)
    {
        try
        {
            return await write();
        }
        catch (LimitExceededException exception)
        {
            LogBusy(exception);
            return Busy;
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the change may have been written before it.
            LogUnknown(exception);
            return Unknown;
        }
    }

    // The change is durable already; a replica that lags is no reason to say that it failed.
    private async Task ShowAsync(long version)
    {
        try
        {
            if (!await _catalogue.WaitForVersion(version, _visibilityTimeout))
            {
                LogLate(version, null);
            }
        }
        catch (Exception exception)
        {
            LogLate(version, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The catalogue's feed did not answer; the outcome of a write is unknown.")]
    private partial void LogUnknown(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Too many calls wait for the catalogue's feed; a write was refused.")]
    private partial void LogBusy(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Catalogue version {Version} is written, but this node's replica does not show it yet.")]
    private partial void LogLate(long version, Exception? exception);
}
