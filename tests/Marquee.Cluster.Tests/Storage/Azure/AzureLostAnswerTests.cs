using System.Net;
using Marquee.Cli.Chaos.Faults;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Storage.Azure;

public sealed class AzureLostAnswerTests(SharedServers servers) : LostAnswerConformance
{
    private protected override async Task<ReachedStores> OpenAsync()
    {
        var server = await servers.Azurite;
        var proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, server.BlobPort));
        var stores = AzureStores.Open(server.Connection(server.NewAccount(), proxy.Port), options => options.RequestTimeout = TimeSpan.FromSeconds(5));
        return new ReachedStores(stores.Log, stores.States, proxy);
    }

    /// <remarks>A blob's writer knows where its next append must land, and that it did not.</remarks>
    [Fact]
    public async Task Append_AgainByTheWriterThatDoesNotKnow_DoesNotLandBesideWhatDid()
    {
        await using var stores = await OpenAsync();
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        stores.Proxy.Fault = LinkFault.HalfOpen;
        Assert.Equal(AppendOutcome.Unknown, await AppendAsync(stores, owner, 0, "a"));
        stores.Proxy.Fault = LinkFault.None;
        Assert.Equal(AppendOutcome.Unknown, await AppendAsync(stores, owner, 0, "a"));
        Assert.Equal(new PartitionOwnership(2, 0, 1), await stores.Log.OpenAsync(Partition, Cancellation));
    }
}
