using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage;
using Marquee.Storage.Azure;
using Marquee.Storage.Events;
using Marquee.Tests.Storage.Snapshots;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>What the stores in Azure say when the account, or the way to it, fails, and when it holds what it should not.</summary>
public sealed class AzureFaultTests(SharedServers servers)
{
    private static readonly LogPartition Partition = LogPartition.Events(1);
    private static readonly GrainId Grain = GrainId.Create("user", "default/u");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ServerDown_WritesNothingForCertainAndGoesOnWhenItIsBack()
    {
        await using var server = await AzuriteServer.StartAsync(isKept: true);
        var stores = AzureStores.Open(server.Connection(server.NewAccount()));
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        await stores.Membership("c").InitializeMembershipTableAsync(true, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, owner, 0, "a"));
        await server.StopAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AppendOutcome.Unavailable, await AppendAsync(stores, owner, 1, "b"));
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await stores.Log.OpenAsync(Partition, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.ReadStateAsync("s", Grain, new HeldState()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.WriteStateAsync("s", Grain, new HeldState()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Membership("c").ReadAllAsync(Cancellation));

        await server.StartAgainAsync();
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, owner, 1, "b"));
        Assert.Equal(["a", "b"], await ReadAsync(stores));
    }

    /// <remarks>What a request does that was under way for long: the store itself refuses it.</remarks>
    [Fact]
    public async Task Append_ThatArrivesBehindTheNextOpening_IsRefusedByTheStore()
    {
        var (stores, container) = await OpenAsync();
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(stores, owner, 0, "a");
        var segment = (await ListAsync(container)).Single(blob => blob.Properties.BlobType == BlobType.Append);
        var next = await stores.Log.OpenAsync(Partition, Cancellation);
        var late = new MemoryStream(LogFrame.Encode(Partition, owner.Epoch, 1, new LogBatch(1, "late"u8.ToArray()))[0]);
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => container.GetAppendBlobClient(segment.Name).AppendBlockAsync(late, cancellationToken: Cancellation));
        Assert.Equal("BlobIsSealed", refusal.ErrorCode);
        Assert.Equal((2, 1), (next.Epoch, next.NextOffset));
        Assert.Equal(["a"], await ReadAsync(stores));
    }

    [Fact]
    public async Task Append_LargerThanOneRequest_IsReadBackWholeOrNotAtAll()
    {
        var (stores, container) = await OpenAsync();
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        var large = new byte[10_000_000];
        new Random(3).NextBytes(large);
        Assert.Equal(AppendOutcome.Appended, await stores.Log.AppendAsync(Partition, owner.Epoch, 0, new LogBatch(4, large), Cancellation));
        Assert.Equal(large, (await stores.Log.ReadAsync(Partition, 2, Cancellation).SingleAsync(Cancellation)).Payload.ToArray());

        // A writer that dies between two parts: the batch was never acknowledged, and is not there.
        var segment = (await ListAsync(container)).Single(blob => blob.Properties.BlobType == BlobType.Append);
        await container.GetAppendBlobClient(segment.Name).AppendBlockAsync(
            new MemoryStream(LogFrame.Encode(Partition, owner.Epoch, 4, new LogBatch(7, large))[0]), cancellationToken: Cancellation);
        Assert.Single(await stores.Log.ReadAsync(Partition, 0, Cancellation).ToListAsync(Cancellation));
        var next = await stores.Log.OpenAsync(Partition, Cancellation);
        Assert.Equal(new PartitionOwnership(2, 0, 4), next);
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, next, 4, "b"));
        Assert.Equal([0L, 4], (await stores.Log.ReadAsync(Partition, 0, Cancellation).ToListAsync(Cancellation)).Select(batch => batch.FirstOffset));
    }

    [Fact]
    public async Task Truncate_LetsNoByteOfItStay()
    {
        var (stores, container) = await OpenAsync();
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(stores, owner, 0, "Ada Lovelace");
        await AppendAsync(stores, owner, 1, "Bob");
        Assert.True(await stores.Log.TruncateAsync(Partition, owner.Epoch, 1, Cancellation));
        await AppendAsync(stores, owner, 2, "Cy");
        Assert.Equal(["Bob", "Cy"], await ReadAsync(stores));

        // The blob that held both goes with what it still held.
        Assert.True(await stores.Log.TruncateAsync(Partition, owner.Epoch, 2, Cancellation));
        Assert.Equal(["Cy"], await ReadAsync(stores));
        foreach (var blob in await ListAsync(container))
        {
            var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content.ToString();
            Assert.DoesNotContain("Ada", content, StringComparison.Ordinal);
            Assert.DoesNotContain("Bob", content, StringComparison.Ordinal);
        }
    }

    /// <remarks>Three batches of 57 bytes: one a blob that was left, and the active one.</remarks>
    [Theory]
    [InlineData("flip payload", 1)]
    [InlineData("flip header", 1)]
    [InlineData("flip payload", 2)]
    [InlineData("cut", 1)]
    [InlineData("cut", 2)]
    [InlineData("delete", 1)]
    [InlineData("delete", 2)]
    [InlineData("flip head", 0)]
    public async Task Read_BlobsThatAreNotWhatWasWritten_AreNeverServed(string damage, int number)
    {
        var (stores, container) = await OpenAsync();
        for (var offset = 0; offset < 2; offset++)
        {
            var owner = await stores.Log.OpenAsync(Partition, Cancellation);
            Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, owner, 3 * offset, "x", 3));
        }

        var blob = (await ListAsync(container)).Where(blob => blob.Name.Contains('@') && (damage == "flip head") == blob.Name.EndsWith("head", StringComparison.Ordinal)).OrderBy(blob => blob.Name).ElementAt(Math.Max(0, number - 1));
        var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content.ToArray();
        await container.DeleteBlobAsync(blob.Name, cancellationToken: Cancellation);
        if (damage != "delete")
        {
            if (damage.StartsWith("flip", StringComparison.Ordinal))
            {
                content[damage == "flip header" ? 9 : damage == "flip head" ? Encoding.UTF8.GetString(content).IndexOf("\"epoch\": 2", StringComparison.Ordinal) + 9 : LogFrame.HeaderBytes] ^= 1;
            }

            await RestoreAsync(container, blob, damage == "cut" ? content[..^1] : content);
        }

        var found = await Assert.ThrowsAsync<StoreDamagedException>(() => ReadAsync(stores));
        Assert.Contains("log/events/1/", found.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadState_BlobThatIsNotWhatWasWritten_IsNeverServed()
    {
        var (stores, _) = await OpenAsync();
        await stores.States.WriteStateAsync("s", Grain, new HeldState(new TasteState { Plays = 1 }));
        var blob = stores.Account.States.Writing.GetBlobClient("s-user/default/u.json");
        var stored = (await blob.DownloadContentAsync(Cancellation)).Value;
        var content = stored.Content.ToArray();
        content[^1] ^= 1;
        await blob.UploadAsync(new BinaryData(content), new BlobUploadOptions { Metadata = stored.Details.Metadata }, Cancellation);
        await Assert.ThrowsAsync<StoreDamagedException>(() => stores.States.ReadStateAsync("s", Grain, new HeldState()));
    }

    [Fact]
    public async Task Open_WrongKeyOrNoServer_SaysWhatIsWrongAndNotTheKey()
    {
        var server = await servers.Azurite;
        var account = server.NewAccount();
        string[] connections =
        [
            server.Connection(account).Replace(AzuriteServer.Key, "V3JvbmctS3Jpc3RhbGwtUGFsYXN0", StringComparison.Ordinal),
            server.Connection(account, ServerCommand.FreePort()),
        ];
        foreach (var connection in connections)
        {
            var refusal = Assert.Throws<StoreUnavailableException>(() => AzureStores.Open(connection));
            Assert.Contains(account, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("V3Jv", refusal.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(AzuriteServer.Key, refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_AnotherNumberOfPartitionsOrNewerFormat_IsRefused()
    {
        var server = await servers.Azurite;
        var connection = server.Connection(server.NewAccount());
        var stores = AzureStores.Open(connection);
        var mismatch = Assert.Throws<StoreMismatchException>(() => AzureStores.Open(connection, options => options.PartitionCount = 32));
        Assert.Contains("configure 64", mismatch.Message, StringComparison.Ordinal);
        var newer = new Marquee.Storage.Embedded.DataManifest(2, 64, DateTimeOffset.UnixEpoch).ToBytes();
        await stores.Account.Log.Writing.GetBlobClient("manifest.json").UploadAsync(new BinaryData(newer), overwrite: true, Cancellation);
        Assert.Contains("newer", Assert.Throws<StoreMismatchException>(() => AzureStores.Open(connection)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManyNodesOfDifferentNumbersOfPartitionsAtOnce_OneNumberHolds()
    {
        var server = await servers.Azurite;
        var connection = server.Connection(server.NewAccount());
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            try
            {
                AzureStores.Open(connection, options => options.PartitionCount = 2 + (i % 2));
                return 2 + (i % 2);
            }
            catch (StoreMismatchException)
            {
                return 0;
            }
        })));
        Assert.Single(opened.Where(partitions => partitions > 0).Distinct());
        Assert.Equal(4, opened.Count(partitions => partitions > 0));
    }

    private async Task<(AzureStores Stores, BlobContainerClient Log)> OpenAsync()
    {
        var server = await servers.Azurite;
        var stores = AzureStores.Open(server.Connection(server.NewAccount()));
        return (stores, stores.Account.Log.Writing);
    }

    private static async Task<List<BlobItem>> ListAsync(BlobContainerClient container) =>
        await container.GetBlobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation);

    private static async Task RestoreAsync(BlobContainerClient container, BlobItem like, byte[] content)
    {
        if (like.Properties.BlobType != BlobType.Append)
        {
            await container.GetBlobClient(like.Name).UploadAsync(new BinaryData(content), Cancellation);
            return;
        }

        var blob = container.GetAppendBlobClient(like.Name);
        await blob.CreateAsync(cancellationToken: Cancellation);
        await blob.AppendBlockAsync(new MemoryStream(content), cancellationToken: Cancellation);
    }

    private static ValueTask<AppendOutcome> AppendAsync(AzureStores stores, PartitionOwnership owner, long offset, string text, int count = 1) =>
        stores.Log.AppendAsync(Partition, owner.Epoch, offset, new LogBatch(count, Encoding.UTF8.GetBytes(text)), Cancellation);

    private static async Task<List<string>> ReadAsync(AzureStores stores)
    {
        var texts = new List<string>();
        await foreach (var batch in stores.Log.ReadAsync(Partition, 0, Cancellation))
        {
            texts.Add(Encoding.UTF8.GetString(batch.Payload.Span));
        }

        return texts;
    }
}
