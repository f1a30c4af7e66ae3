using Marquee.Silo;
using Marquee.Storage;
using Marquee.Storage.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Nodes;

public sealed class NodePartsTests
{
    [Fact]
    public async Task Build_OrderOfStart_RoutesStandBehindTheSiloAndBeforeTheServer()
    {
        var folder = Directory.CreateTempSubdirectory("marquee-parts-");
        try
        {
            await using var node = NodeHost.Build(["--urls", "http://127.0.0.1:0", $"--Marquee:Data={folder.FullName}"]);
            List<string> order = [.. node.Services.GetServices<IHostedService>().Select(service => service.GetType().Name)];

            // The stores are being opened meanwhile: not to let go of the folder before they are.
            node.Services.GetRequiredService<IPartitionLog>();
            node.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);
            Assert.InRange(order.IndexOf(nameof(NodeParts)), 1 + order.IndexOf("SiloHostedService"), order.IndexOf("GenericWebHostService") - 1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
