using Marquee.Cluster.Tests.Storage.Servers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Marquee.Cluster.Tests.Storage.Servers;

/// <summary>The servers that tests share, each started when the first test asks for it and stopped behind the last.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => Task.Run(PostgresServer.StartAsync));
    private readonly Lazy<Task<RedisServer>> _redis = new(() => Task.Run(RedisServer.StartAsync));
    private readonly Lazy<Task<AzuriteServer>> _azurite = new(() => Task.Run(() => AzuriteServer.StartAsync()));

    internal Task<PostgresServer> Postgres => _postgres.Value;

    internal Task<RedisServer> Redis => _redis.Value;

    internal Task<AzuriteServer> Azurite => _azurite.Value;

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }

        if (_postgres.IsValueCreated)
        {
            await (await _postgres.Value).DisposeAsync();
        }

        if (_redis.IsValueCreated)
        {
            await (await _redis.Value).DisposeAsync();
        }
    }
}
