using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>
/// A node that is not ready, or does not answer, gets nothing new. One that has not answered for long is frozen or gone: what it
/// was given before is not waited for any longer, whereas one that stops, or has much to do, finishes it.
/// </summary>
internal sealed class NodeHealth(IDestinationHealthUpdater updater, TimeProvider time) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "Node";

    /// <summary>So long it takes the cluster, too, to declare a silent node dead.</summary>
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(10);

    /// <summary>A read can be asked of another at once, so it waits for a silent node no longer than it takes to tell that from a pause.</summary>
    public static readonly TimeSpan GivesUpReadsAfter = TimeSpan.FromSeconds(1);

    private readonly ConditionalWeakTable<DestinationState, Silence> _silences = [];

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void ProbingCompleted(Yarp.ReverseProxy.Model.ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        foreach (var result in probingResults)
        {
            SilenceOf(result.Destination).Observe(answered: result.Response is not null, time);
        }

        updater.SetActive(cluster, [.. probingResults.Select(result => new NewActiveDestinationHealth(
            result.Destination,
            result.Response is { IsSuccessStatusCode: true } ? DestinationHealth.Healthy : DestinationHealth.Unhealthy))]);
    }

    /// <summary>Cancelled when the node has been silent for <see cref="GivesUpAfter"/>, or <see cref="GivesUpReadsAfter"/>.</summary>
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

    /// <summary>Since when a node has not answered.</summary>
    private sealed class Silence
    {
        private volatile CancellationTokenSource _end = new();
        private volatile CancellationTokenSource _endOfReads = new();
        private long? _since;

        public CancellationToken Ends => _end.Token;

        public CancellationToken EndsReads => _endOfReads.Token;

        public void Observe(bool answered, TimeProvider time)
        {
            if (answered)
            {
                _since = null;
                _end = Renewed(_end);
                _endOfReads = Renewed(_endOfReads);
                return;
            }

            var silence = time.GetElapsedTime(_since ??= time.GetTimestamp());
            if (silence >= GivesUpReadsAfter)
            {
                _endOfReads.Cancel();
            }

            if (silence >= GivesUpAfter)
            {
                _end.Cancel();
            }
        }

        private static CancellationTokenSource Renewed(CancellationTokenSource source) => source.IsCancellationRequested ? new CancellationTokenSource() : source;
    }
}
