using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Operations;
using Marquee.Gateway.Samples;
using Microsoft.Extensions.DependencyInjection;

namespace Marquee.Tests.Gateway;

public sealed class OperationsEndpointTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task GetReady_NotReady_SaysWhy()
    {
        _host.Readiness.Ready = false;
        _host.Readiness.Reason = "Loading the sample: 43 %.";
        var answer = await _host.GetAsync("/health/ready");

        Assert.Equal((503, "unavailable"), (answer.Status, answer.ProblemType));
        Assert.Equal("Loading the sample: 43 %.", answer.Json.GetProperty("detail").GetString());
        Assert.Equal("""{"status":"live"}""", (await _host.GetAsync("/health/live")).Text);
    }

    [Fact]
    public async Task GetReady_Ready_IsOk() => Assert.Equal((200, """{"status":"ready"}"""), await Shown("/health/ready"));

    [Fact]
    public async Task GetStatus_Node_IsShownWhole()
    {
        _host.Grains.Status = () => new NodeStatus
        {
            Node = "127.0.0.1:11111",
            Version = "1.0",
            StartedAt = 0,
            Ready = true,
            Storage = "sqlite",
            Tenant = "default",
            Silos = [new SiloEntry("127.0.0.1:11111", "active", 0)],
            Partitions = [new PartitionStatus(0, 2, 100, 40, 10, 97, 1, "open", "S1")],
            CatalogueVersion = 5,
            Titles = 12,
            CatalogueAgeMilliseconds = 1.5,
            ModelVersion = "m",
            Freshness = new Latency(10, 20, 30),
            EventsAccepted = 90,
            EventsDuplicate = 3,
            EventsPerSecond = 4.5,
            Recommendations = 7,
            RecommendationsPerSecond = 0.5,
            RecommendationLatency = new Latency(1, 2, 7),
            StreamTime = 1_772_366_400_000,
        };
        await _host.PostAsync("/v1/events", """[{"userId":"u"},{"userId":"u","titleId":"t","type":"play"}]""");
        var answer = await _host.GetAsync("/v1/status");

        Assert.StartsWith(
            """
            {"node":"127.0.0.1:11111","version":"1.0","startedAt":"1970-01-01T00:00:00Z","ready":true,"storage":"sqlite","tenant":"default",
            "silos":[{"address":"127.0.0.1:11111","status":"active","startedAt":"1970-01-01T00:00:00Z"}],
            "partitions":[{"partition":0,"epoch":2,"offset":100,"snapshotOffset":40,"firstOffset":10,"lag":3,"undeliveredUsers":1,"state":"open","silo":"S1"}],
            "catalogue":{"version":5,"titles":12,"ageMilliseconds":1.5,"modelVersion":"m","streamTime":"2026-03-01T12:00:00Z"},
            "freshness":{"p50Milliseconds":10,"p99Milliseconds":20,"samples":30},"events":{"accepted":90,"duplicates":3,"rejected":1,"perSecond":4.5},
            "recommendations":{"served":7,"perSecond":0.5,"p50Milliseconds":1,"p99Milliseconds":2},"process":{"cpuSeconds":
            """.ReplaceLineEndings(""),
            answer.Text,
            StringComparison.Ordinal);
        Assert.True(answer.Json.GetProperty("process").GetProperty("workingSetBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task GetStatus_NodeDoesNotAnswer_IsUnavailable() => Assert.Equal(503, (await _host.GetAsync("/v1/status")).Status);

    [Fact]
    public async Task GetMetrics_AfterEvents_CountsThem()
    {
        await _host.PostAsync("/v1/events", """[{"userId":"u"},{"userId":"u","titleId":"t","type":"play"}]""");
        var answer = await _host.GetAsync("/metrics");

        Assert.Equal("text/plain", answer.MediaType);
        Assert.Contains("marquee_events_accepted_total", answer.Text, StringComparison.Ordinal);
        Assert.Contains("marquee_events_rejected_total", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetSample_NoSample_IsEmpty() => Assert.Equal((200, """{"users":[]}"""), await Shown("/v1/sample"));

    [Fact]
    public async Task GetSample_Sample_ListsItsUsers()
    {
        await using var host = await GatewayHost.StartAsync(replace: services => services.AddSingleton<ISampleUsers, TwoSampleUsers>());

        Assert.Equal("""{"users":[{"userId":"mt-1","events":12,"favouriteGenres":["Drama"]},{"userId":"mt-2","events":3,"favouriteGenres":[]}]}""", (await host.GetAsync("/v1/sample")).Text);
    }

    private async Task<(int Status, string Text)> Shown(string path)
    {
        var answer = await _host.GetAsync(path);
        return (answer.Status, answer.Text);
    }

    private sealed class TwoSampleUsers : ISampleUsers
    {
        public ValueTask<ImmutableArray<SampleUser>> ListAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<ImmutableArray<SampleUser>>([new("mt-1", 12, ["Drama"]), new("mt-2", 3, [])]);
    }
}
