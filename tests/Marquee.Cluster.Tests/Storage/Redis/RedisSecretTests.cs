using Marquee.Cluster.Tests.Clusters;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Storage.Redis;

/// <summary>Whatever is wrong with Redis, and however much is logged, its password is in nothing that a node prints.</summary>
public sealed class RedisSecretTests(SharedServers servers)
{
    private const string WrongPassword = "Gl4s-Haus";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Start_WrongPassword_SaysWhatIsWrongAndNotThePassword()
    {
        var redis = await servers.Redis;
        await using var node = await NodeOn(redis.Connection.Replace(RedisServer.Password, WrongPassword, StringComparison.Ordinal));
        node.StartProcess();

        Assert.Equal(1, await node.WaitForExit(Patience));
        AssertSays(node, redis);
    }

    [Fact]
    public async Task Start_NobodyListens_SaysWhatIsWrongAndNotThePassword()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.StopAsync();
        await using var node = await NodeOn(redis.Connection);
        node.StartProcess();

        Assert.Equal(1, await node.WaitForExit(Patience));
        AssertSays(node, redis);
    }

    [Fact]
    public async Task RedisDown_WhileTheNodeRuns_IsLoggedWithoutThePassword()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await NodeOn(redis.Connection);
        await node.Start();
        await redis.StopAsync();
        for (var waited = 0; !node.Output.Contains("RedisConnectionException", StringComparison.Ordinal); waited++)
        {
            Assert.True(waited < 600, "A minute without a word of Redis.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        AssertKeepsSecret(node);
    }

    private async Task<NodeProcess> NodeOn(string redis)
    {
        var store = ClusterStore.On(await servers.Postgres);
        return new NodeProcess([
            .. store.Options, .. ClusterTests.Options, "--Marquee:Sample=none", $"--Marquee:Cluster=c{Guid.NewGuid():N}",
            "--Marquee:Membership=redis", $"--Marquee:Redis={redis}", "--Logging:LogLevel:Default=Trace",
        ]);
    }

    private static void AssertSays(NodeProcess node, RedisServer redis)
    {
        Assert.Contains($"The node cannot start. Redis at {redis.Address} ", node.Output, StringComparison.Ordinal);
        AssertKeepsSecret(node);
    }

    private static void AssertKeepsSecret(NodeProcess node)
    {
        Assert.DoesNotContain(RedisServer.Password, node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongPassword, node.Output, StringComparison.Ordinal);
    }
}
