using System.Net;
using Azure.Data.Tables;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Tests.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>Snapshots and membership lie as Orleans' own Azure providers lay them, so that either can take over from the other.</summary>
public sealed class AzureLayoutTests(SharedServers servers)
{
    private static readonly GrainId Grain = GrainId.Create("user", "default/u.1~x");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteState_LaysWhatTheSerializerGaveUnderTheOfficialName()
    {
        var stores = await OpenAsync();
        var state = new HeldState(new TasteState { Plays = 7, Embedding = [1, 2] });
        await stores.States.WriteStateAsync("user", Grain, state);
        var blob = stores.Account.States.Writing.GetBlobClient("user-user/default/u.1~x.json");
        var stored = (await blob.DownloadContentAsync(Cancellation)).Value;
        Assert.Equal("grainstate", blob.BlobContainerName);
        Assert.Equal("application/octet-stream", stored.Details.ContentType);
        Assert.Equal(stored.Details.ETag.ToString("H"), state.ETag);
        Assert.StartsWith("\"0x", state.ETag, StringComparison.Ordinal);
        Assert.Equal(7, Serializer.Deserialize<TasteState>(stored.Content)!.Plays);
    }

    [Fact]
    public async Task ReadState_BlobOfTheOfficialProvider_IsReadAndReplacedByItsETag()
    {
        var stores = await OpenAsync();
        var blob = stores.Account.States.Writing.GetBlobClient("user-user/default/u.1~x.json");
        await blob.UploadAsync(Serializer.Serialize(new TasteState { Plays = 5 }), Cancellation);
        var state = new HeldState();
        await stores.States.ReadStateAsync("user", Grain, state);
        Assert.Equal((5, true), (state.State.Plays, state.RecordExists));
        state.State.Plays = 6;
        await stores.States.WriteStateAsync("user", Grain, state);
        var all = await stores.States.ReadAllAsync("user", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(("user/default/u.1~x", 6), (Assert.Single(all).GrainId, Serializer.Deserialize<TasteState>(new BinaryData(all[0].Payload))!.Plays));
    }

    /// <remarks>The official provider can be told to empty a blob instead of deleting it.</remarks>
    [Fact]
    public async Task ReadState_EmptyBlob_IsAClearedState()
    {
        var stores = await OpenAsync();
        var blob = stores.Account.States.Writing.GetBlobClient("user-user/default/u.1~x.json");
        await blob.UploadAsync(BinaryData.Empty, Cancellation);
        var state = new HeldState(new TasteState { Plays = 1 });
        await stores.States.ReadStateAsync("user", Grain, state);
        Assert.Equal((0, false), (state.State.Plays, state.RecordExists));
        Assert.Empty(await stores.States.ReadAllAsync("user", Cancellation).ToListAsync(Cancellation));
        await stores.States.WriteStateAsync("user", Grain, state);
        await blob.UploadAsync(BinaryData.Empty, overwrite: true, Cancellation);
        var unread = new HeldState(new TasteState());
        await stores.States.ClearStateAsync("user", Grain, unread);
        Assert.False((await blob.ExistsAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task InsertRow_LaysTextInTheOfficialColumns()
    {
        var stores = await OpenAsync();
        var table = stores.Membership("films");
        await table.InitializeMembershipTableAsync(true, Cancellation);
        var silo = SiloAddress.New(new IPEndPoint(IPAddress.Parse("10.0.0.5"), 11_111), 77);
        var other = SiloAddress.New(new IPEndPoint(IPAddress.Parse("10.0.0.6"), 11_112), 78);
        var noon = new DateTime(2026, 3, 1, 12, 0, 0, 123, DateTimeKind.Utc);
        var entry = new MembershipEntry
        {
            SiloAddress = silo,
            Status = SiloStatus.Active,
            SiloName = "Silo_1",
            HostName = "node",
            ProxyPort = 30_000,
            StartTime = noon,
            IAmAliveTime = noon.AddSeconds(1),
            SuspectTimes = [Tuple.Create(other, noon), Tuple.Create(silo, noon)],
        };
        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));
        Assert.Equal("OrleansSiloInstances", stores.Account.Membership.Name);
        var row = (await stores.Account.Membership.GetEntityAsync<TableEntity>("films", "10.0.0.5-11111-77", cancellationToken: Cancellation)).Value;
        var version = (await stores.Account.Membership.GetEntityAsync<TableEntity>("films", "VersionRow", cancellationToken: Cancellation)).Value;
        Assert.Equal("1", version["MembershipVersion"]);
        Assert.Equal(
            ["films", "10.0.0.5", "11111", "77", "node", "Active", "30000", "Silo_1", "Silo_1", "2026-03-01 12:00:00.123 GMT", "2026-03-01 12:00:01.123 GMT",
                $"{other.ToParsableString()}|{silo.ToParsableString()}", "2026-03-01 12:00:00.123 GMT|2026-03-01 12:00:00.123 GMT"],
            ((string[])["DeploymentId", "Address", "Port", "Generation", "HostName", "Status", "ProxyPort", "SiloName", "InstanceName", "StartTime", "IAmAliveTime",
                "SuspectingSilos", "SuspectingTimes"]).Select(column => row[column]));
    }

    private static OrleansGrainStorageSerializer Serializer { get; } =
        new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    private async Task<AzureStores> OpenAsync()
    {
        var server = await servers.Azurite;
        return AzureStores.Open(server.Connection(server.NewAccount()));
    }
}
