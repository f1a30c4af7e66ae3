using Marquee.Cli.Clusters.FrontDoors;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Marquee.Tests.Client.Clusters;

/// <summary>What probes say of a node.</summary>
public sealed class NodeHealthTests : IDestinationHealthUpdater, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ClusterState _cluster = new("nodes");
    private readonly DestinationState _node = new("node");
    private readonly NodeHealth _health;
    private readonly HttpResponseMessage _ready = new(System.Net.HttpStatusCode.OK);
    private readonly HttpResponseMessage _stopping = new(System.Net.HttpStatusCode.ServiceUnavailable);

    private DestinationHealth _told = DestinationHealth.Unknown;

    public NodeHealthTests() => _health = new NodeHealth(this, _time);

    [Fact]
    public void ANodeThatIsReady_IsSentRequests()
    {
        Probe(_ready, seconds: 60);
        Assert.Equal((DestinationHealth.Healthy, false), Seen);
    }

    [Fact]
    public void ANodeThatStops_GetsNothingNewAndFinishesWhatItHas()
    {
        Probe(_ready);
        Probe(_stopping, seconds: 60);
        Assert.Equal((DestinationHealth.Unhealthy, false), Seen);
    }

    [Fact]
    public void ANodeThatDoesNotAnswer_GetsNothingNew_AndIsNotWaitedForAfterAWhile()
    {
        Probe(_ready);
        Probe(null, seconds: 9);
        Assert.Equal((DestinationHealth.Unhealthy, false), Seen);
        Probe(null, seconds: 2);
        Assert.Equal((DestinationHealth.Unhealthy, true), Seen);

        Probe(_ready);
        Assert.Equal((DestinationHealth.Healthy, false), Seen);
    }

    [Fact]
    public void ANodeThatDoesNotAnswer_IsNotWaitedForWithReadsForLong()
    {
        Probe(null);
        Assert.False(_health.SilentFor(_node, isRead: true).IsCancellationRequested);
        Probe(null, seconds: 2);
        Assert.True(_health.SilentFor(_node, isRead: true).IsCancellationRequested);

        Probe(_ready);
        Assert.False(_health.SilentFor(_node, isRead: true).IsCancellationRequested);
    }

    /// <remarks>It may be cut off from all that it would have to ask.</remarks>
    [Fact]
    public void ANodeThatIsNotReadyForAWhile_IsNotWaitedForWithReads()
    {
        Probe(_ready);
        Probe(_stopping);
        Assert.False(_health.SilentFor(_node, isRead: true).IsCancellationRequested);
        Probe(_stopping, seconds: 2);
        Assert.True(_health.SilentFor(_node, isRead: true).IsCancellationRequested);
        Assert.False(_health.SilentFor(_node, isRead: false).IsCancellationRequested);
    }

    [Fact]
    public void ANodeThatAnswersNowAndThen_IsWaitedFor()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            Probe(null, seconds: 9);
            Probe(_stopping);
        }

        Assert.Equal((DestinationHealth.Unhealthy, false), Seen);
    }

    private (DestinationHealth Told, bool IsGivenUp) Seen => (_told, _health.SilentFor(_node, isRead: false).IsCancellationRequested);

    void IDestinationHealthUpdater.SetActive(ClusterState cluster, IEnumerable<NewActiveDestinationHealth> newHealthStates) =>
        _told = newHealthStates.Single().NewActiveHealth;

    void IDestinationHealthUpdater.SetPassive(ClusterState cluster, DestinationState destination, DestinationHealth newHealth, TimeSpan reactivationPeriod) =>
        throw new NotSupportedException();

    public void Dispose()
    {
        _ready.Dispose();
        _stopping.Dispose();
    }

    private void Probe(HttpResponseMessage? answer, int seconds = 1)
    {
        for (var second = 0; second < seconds; second++)
        {
            _health.ProbingCompleted(_cluster, [new DestinationProbingResult(_node, answer, answer is null ? new TimeoutException() : null)]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
