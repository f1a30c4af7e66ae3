using System.Text;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;
using Marquee.Tests.Storage;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>What the blobs' log promises of lost answers beyond what every log does.</summary>
public sealed class AzureLostAnswerTests(SharedServers servers)
{
    private static readonly LogPartition Partition = LogPartition.Events(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <remarks>A blob's writer knows where its next append must land, and that it did not.</remarks>
    [Fact]
    public async Task Append_AgainByTheWriterThatDoesNotKnow_DoesNotLandBesideWhatDid()
    {
        var server = await servers.Azurite;
        using var way = new BreakableWay();
        var log = AzureStores.OpenBehind(way, server, server.NewAccount()).Log;
        var owner = await log.OpenAsync(Partition, Cancellation);
        way.LoseAnswers();
        Assert.Equal(AppendOutcome.Unknown, await AppendAsync());
        way.Heal();
        Assert.Equal(AppendOutcome.Unknown, await AppendAsync());
        Assert.Equal(new PartitionOwnership(2, 0, 1), await log.OpenAsync(Partition, Cancellation));

        ValueTask<AppendOutcome> AppendAsync() => log.AppendAsync(Partition, owner.Epoch, 0, new LogBatch(1, Encoding.UTF8.GetBytes("a")), Cancellation);
    }
}
