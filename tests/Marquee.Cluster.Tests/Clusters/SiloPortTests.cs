using System.Net;
using System.Net.Sockets;
using Marquee.Grains.Operations;

namespace Marquee.Cluster.Tests.Clusters;

public sealed class SiloPortTests
{
    [Fact]
    public async Task Refuses_OnlyWhereNothingListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var silo = SiloAddress.New((IPEndPoint)listener.LocalEndpoint, 1);
        Assert.False(await SiloPort.Refuses(silo));
        listener.Stop();
        Assert.True(await SiloPort.Refuses(silo));
    }
}
