using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>
/// A node that is not ready, or does not answer, gets nothing new. One that has not answered for long is frozen or gone: what it
/// was given before is not waited for any longer, whereas one that stops, or has much to do, finishes it; but what is only read
/// is asked of another when a node has not been ready for a while, for it may be cut off from all that it would have to ask.
/// </summary>
internal sealed class NodeHealth(IDestinationHealthUpdater updater, TimeProvider time) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "Node";

    /// <summary>So long it takes the cluster, too, to declare a silent node dead.</summary>
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(10);

    /// <summary>A read can be asked of another at once, so it waits for a node that is silent or not ready no longer than it takes to tell that from a pause, or to finish.</summary>
    public static readonly TimeSpan GivesUpReadsAfter = TimeSpan.FromSeconds(1);

    private readonly ConditionalWeakTable<DestinationState, Silence> _silences = [];

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void ProbingCompleted(Yarp.ReverseProxy.Model.ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        foreach (var result in probingResults)
        {
            SilenceOf(result.Destination).Observe(answered: result.Response is not null, ready: result.Response is { IsSuccessStatusCode: true }, time);
        }

        updater.SetActive(cluster, [.. probingResults.Select(result => new NewActiveDestinationHealth(
            result.Destination,
            result.Response is { IsSuccessStatusCode: true } ? DestinationHealth.Healthy : DestinationHealth.Unhealthy))]);
    }

    /// <summary>Cancelled when the node has been silent for <see cref="GivesUpAfter"/>; for a read when it has not been ready for <see cref="GivesUpReadsAfter"/>.</summary>
    public CancellationToken SilentFor(DestinationState node, bool isRead) => isRead ? SilenceOf(node).EndsReads : SilenceOf(node).Ends;

    /// <summary>Runs the rest of the proxy until the node, which has been chosen, has been silent for too long.</summary>
    public async Task RunAsync(HttpContext context, Func<Task> next)
    {
        if (context.GetReverseProxyFeature().AvailableDestinations is not [var node, ..])
        {
            // No node is ready: the proxy says so.
            await next();
            return;
        }

        var silent = SilentFor(node, SafeRepetition.IsRead(context));
        var aborted = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, silent);
        context.RequestAborted = either.Token;
        await next();
        context.RequestAborted = aborted;
        if (silent.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
    }

    private Silence SilenceOf(DestinationState node) => _silences.GetValue(node, _ => new Silence());

    /// <summary>Since when a node has not answered, and since when not that it is ready.</summary>
    private sealed class Silence
    {
        private volatile CancellationTokenSource _end = new();
        private volatile CancellationTokenSource _endOfReads = new();
        private long? _silentSince;
        private long? _notReadySince;

        public CancellationToken Ends => _end.Token;

        public CancellationToken EndsReads => _endOfReads.Token;

        public void Observe(bool answered, bool ready, TimeProvider time)
        {
            _end = Note(answered, GivesUpAfter, _end, ref _silentSince, time);
            _endOfReads = Note(ready, GivesUpReadsAfter, _endOfReads, ref _notReadySince, time);
        }

        private static CancellationTokenSource Note(bool isWell, TimeSpan givesUpAfter, CancellationTokenSource end, ref long? since, TimeProvider time)
        {
            if (isWell)
            {
                since = null;
                return end.IsCancellationRequested ? new CancellationTokenSource() : end;
            }

            if (time.GetElapsedTime(since ??= time.GetTimestamp()) >= givesUpAfter)
            {
                end.Cancel();
            }

            return end;
        }
    }
}
