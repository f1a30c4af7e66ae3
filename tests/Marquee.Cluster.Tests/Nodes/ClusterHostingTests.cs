using Marquee.Grains.Operations;
using Marquee.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Marquee.Cluster.Tests.Nodes;

/// <summary>What watches over a cluster is part of every node of one. What it does: <c>PeerWatchTests</c>.</summary>
public sealed class ClusterHostingTests
{
    private static readonly Type[] Watches = [typeof(PeerWatch), typeof(EvictionWatch)];

    [Theory]
    [InlineData("postgres", "Host=127.0.0.1;Username=marquee;Database=marquee", true)]
    [InlineData("azure", "UseDevelopmentStorage=true", true)]
    [InlineData("sqlite", null, false)]
    public void AddStorage_NodeOfACluster_WatchesItsPeers(string storage, string? connection, bool isWatched)
    {
        var silo = new Composition();
        silo.AddStorage(SiloOptions.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Marquee:Storage"] = storage, ["Marquee:Connection"] = connection })
            .Build()));
        Assert.Equal(
            isWatched ? Watches : [],
            silo.Services.Where(service => service.ServiceType == typeof(IHostedService)).Select(service => service.ImplementationType).OfType<Type>().Intersect(Watches));
    }

    private sealed class Composition : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }
}
