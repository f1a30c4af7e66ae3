using System.Runtime.InteropServices;
using Marquee.Contracts.Models;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Models;

/// <summary>Lists, publishes and rolls back the ranking model.</summary>
internal sealed partial class ModelEndpoints(IGrainFactory grains, GrainReads reads, IOptions<GatewayOptions> options, ILogger<ModelEndpoints> logger)
{
    private static readonly FlagParameter Force = new("force", "Publish the model even if it ranks worse than the one that it replaces.");
    private static readonly TextParameter Version = new("version", "The kept version to go back to; the one that ranked before the current one when absent.", GatewayLimits.IdLength, "1383688800000");

    private readonly IModelRegistryGrain _registry = grains.GetGrain<IModelRegistryGrain>(options.Value.Tenant);
    private readonly IModelPublisherGrain _publisher = grains.GetGrain<IModelPublisherGrain>(0);
    private readonly TimeSpan _visibilityTimeout = options.Value.VisibilityTimeout;
    private int _uploads;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapCall("GET", "/v1/models", ModelDescriptions.List, ListAsync);
        app.MapCall("POST", "/v1/models", ModelDescriptions.Publish, PublishAsync, Force);
        app.MapCall("POST", "/v1/models/rollback", ModelDescriptions.RollBack, RollBackAsync, Version);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        if (new RequestQuery(context).Problem is { } invalid)
        {
            return invalid;
        }

        var list = await reads.TryAsync("List", _registry.List);
        return list is { IsThere: true, Value: { } known }
            ? JsonAnswer.Of(new ModelListBody(known.Current, [.. known.Versions.Select(version => ModelBody.Of(version, known.Current))]), GatewayJson.Default.ModelListBody)
            : list.ProblemOf("The list of model versions");
    }

    private async Task<IResult> PublishAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var force = query.Read(Force);
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        // A model takes much room and its comparison a processor for a while: one at a time.
        if (Interlocked.Increment(ref _uploads) > 1)
        {
            Interlocked.Decrement(ref _uploads);
            return Problem.Overloaded("Another model is being published at this node. Retry after a moment.");
        }

        try
        {
            var (bytes, unreadable) = await ModelUpload.ReadAsync(context);
            return unreadable ?? await ChangeAsync(() => _publisher.Publish(ImmutableCollectionsMarshal.AsImmutableArray(bytes), force));
        }
        finally
        {
            Interlocked.Decrement(ref _uploads);
        }
    }

    private async Task<IResult> RollBackAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var version = query.Read(Version);
        return query.Problem ?? await ChangeAsync(() => _registry.RollBack(version));
    }

    private async Task<IResult> ChangeAsync(Func<Task<ModelChange>> call)
    {
        ModelChange change;
        try
        {
            change = await call();
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the change may have been made before it.
            LogUnknown(exception);
            return Problem.OutcomeUnknown("It is not known whether the model was changed. GET /v1/models tells; doing it again is harmless.");
        }

        if (change.Outcome != ModelOutcome.Done)
        {
            return ModelProblems.Of(change);
        }

        await ShowAsync(change.Sequence);
        var version = change.Version is { } known ? ModelBody.Of(known, change.Current) : null;
        return JsonAnswer.Of(new ModelChangeBody(change.Current, version), GatewayJson.Default.ModelChangeBody);
    }

    // The change is durable already; a node that lags is no reason to say that it failed.
    private async Task ShowAsync(long sequence)
    {
        try
        {
            if (!await _publisher.WaitForSequence(sequence, _visibilityTimeout))
            {
                LogLate(null);
            }
        }
        catch (Exception exception)
        {
            LogLate(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The model's grains did not answer; the outcome of a change is unknown.")]
    private partial void LogUnknown(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The model was changed, but this node does not rank with it yet.")]
    private partial void LogLate(Exception? exception);
}
