using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Storage.Snapshots;
using EngagementType = Marquee.Contracts.Events.EngagementType;
using StoredType = Marquee.Engine.Events.EngagementType;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>
/// An activation whose way to the store was held up stores something after its successor has read it. The successor has all
/// stored when it ends in order nevertheless: there may be no other time.
/// </summary>
public sealed class LateWriteTests : IAsyncLifetime
{
    private const string Tenant = "default";

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-late-").FullName;
    private TestSilo _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await TestSilo.Start(_directory);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Feed_AnEarlierOneStoredLate_StoresAllRowsWhenItEnds()
    {
        string[] titleIds = [.. Enumerable.Range(0, 100).Select(i => $"title-{i}")];
        var feed = _silo.Grains.GetGrain<ICatalogueFeedGrain>(Tenant);
        Assert.Equal(CatalogueWriteOutcome.Written, (await feed.Upsert([.. titleIds.Select(id => new TitleMessage { TitleId = id, Name = id, Kind = TitleKind.Film })])).Outcome);
        await StoreLate<CatalogueBucket>(CatalogueBucket.Names[CatalogueBucket.Names.Count / 2], CatalogueBucket.GrainOf(Tenant));

        await _silo.DisposeAsync();

        _silo = await TestSilo.Start(_directory);
        var stored = new List<string>();
        foreach (var name in CatalogueBucket.Names)
        {
            stored.AddRange((await Read<CatalogueBucket>(name, CatalogueBucket.GrainOf(Tenant))).State!.Rows.Select(row => row.TitleId));
        }

        Assert.Equal(titleIds.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Viewer_AnEarlierOneStoredLate_IsStoredWithTheCheckpoint()
    {
        var partition = _silo.Grains.GetGrain<IEventPartitionGrain>(0);
        var viewer = Enumerable.Range(0, 100).Select(i => $"viewer-{i}").First(user => PartitionHash.Of(Tenant, user, 4) == 0);
        ImmutableArray<EngagementMessage> like =
            [new EngagementMessage { EventId = "like", UserId = viewer, TitleId = "title", Type = EngagementType.Like, OccurredAt = 1_700_000_000_000 }];
        Assert.Equal(AppendOutcome.Accepted, (await partition.Append(Tenant, like)).Outcome);
        var grain = GrainId.Create(UserSnapshot.GrainTypeName, $"{Tenant}/{viewer}");
        await StoreLate<UserSnapshot>(UserSnapshot.StateName, grain);

        await partition.Checkpoint();

        Assert.Equal(0, (await Read<UserSnapshot>(UserSnapshot.StateName, grain)).State!.Offset);
    }

    /// <remarks>The log has let go of the erasure; what is stored is all that is left, and would be believed.</remarks>
    [Fact]
    public async Task Viewer_AnEarlierOneStoredLateAfterTheErasure_DoesNotComeBack()
    {
        var (partition, viewer, grain) = await EraseAndForget();
        await _silo.States.WriteStateAsync(UserSnapshot.StateName, grain, new GrainState<UserSnapshot>(Late(viewer)));
        Assert.True((await Read<UserSnapshot>(UserSnapshot.StateName, grain)).RecordExists);

        // So that the viewer comes up and the partition is read from its own snapshot.
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory);

        Assert.Empty((await _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{viewer}").GetHistory(10, null, null)).Events);
        Assert.False((await Read<UserSnapshot>(UserSnapshot.StateName, grain)).RecordExists);
        var again = new EngagementMessage { EventId = "new", UserId = viewer, TitleId = "title", Type = EngagementType.Like, OccurredAt = 1_700_000_000_000 };
        Assert.Equal(AppendOutcome.Accepted, (await _silo.Grains.GetGrain<IEventPartitionGrain>(0).Append(Tenant, [again])).Outcome);
        Assert.Single((await _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{viewer}").GetHistory(10, null, null)).Events);
    }

    /// <remarks>As above, and the first that the viewer's grain hears is an event, not a question.</remarks>
    [Fact]
    public async Task Viewer_AnEarlierOneStoredLateAfterTheErasure_DoesNotComeBackWithANewEvent()
    {
        var (_, viewer, grain) = await EraseAndForget();
        await _silo.States.WriteStateAsync(UserSnapshot.StateName, grain, new GrainState<UserSnapshot>(Late(viewer)));
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory);

        var fresh = new EngagementMessage { EventId = "new", UserId = viewer, TitleId = "title", Type = EngagementType.Like, OccurredAt = 1_700_000_000_000 };
        Assert.Equal(AppendOutcome.Accepted, (await _silo.Grains.GetGrain<IEventPartitionGrain>(0).Append(Tenant, [fresh])).Outcome);

        var history = await _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{viewer}").GetHistory(10, null, null);
        Assert.Equal(["new"], history.Events.Select(entry => entry.EventId));
    }

    /// <remarks>Nobody asks for the viewer any more: the partition looks again.</remarks>
    [Fact]
    public async Task Snapshot_OfAnErasedViewerOfWhomSomethingWasStoredLate_ClearsIt()
    {
        var (partition, viewer, grain) = await EraseAndForget();
        await _silo.States.WriteStateAsync(UserSnapshot.StateName, grain, new GrainState<UserSnapshot>(Late(viewer)));

        await _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{viewer}").Snapshot((await partition.GetStatus()).NextOffset - 1);

        Assert.False((await Read<UserSnapshot>(UserSnapshot.StateName, grain)).RecordExists);
    }

    /// <summary>A viewer who liked something and was erased, and whose erasure the log has let go of; nothing of the viewer was ever stored.</summary>
    private async Task<(IEventPartitionGrain Partition, string Viewer, GrainId Grain)> EraseAndForget()
    {
        var partition = _silo.Grains.GetGrain<IEventPartitionGrain>(0);
        var viewer = Enumerable.Range(0, 100).Select(i => $"viewer-{i}").First(user => PartitionHash.Of(Tenant, user, 4) == 0);
        var grain = GrainId.Create(UserSnapshot.GrainTypeName, $"{Tenant}/{viewer}");
        var like = new EngagementMessage { EventId = "like", UserId = viewer, TitleId = "title", Type = EngagementType.Like, OccurredAt = 1_700_000_000_000 };
        Assert.Equal(AppendOutcome.Accepted, (await partition.Append(Tenant, [like])).Outcome);
        Assert.Equal(AppendOutcome.Accepted, (await partition.EraseUser(Tenant, viewer)).Outcome);
        for (var checkpoints = 0; (await partition.GetStatus()).FirstOffset < 2; checkpoints++)
        {
            Assert.True(checkpoints < 4);
            await partition.Checkpoint();
        }

        Assert.False((await Read<UserSnapshot>(UserSnapshot.StateName, grain)).RecordExists);
        return (partition, viewer, grain);
    }

    /// <summary>What a node that had been cut off knew of the viewer.</summary>
    private static UserSnapshot Late(string viewer)
    {
        var history = new EngagementHistory(new TitleTable());
        history.Append(new EngagementEvent { EventId = "like", UserId = viewer, TitleId = "title", Type = StoredType.Like, OccurredAt = 1_700_000_000_000 });
        return new UserSnapshot { History = history.ToBytes(), Offset = 0 };
    }

    /// <summary>Writes what nothing is read from.</summary>
    private async Task StoreLate<T>(string name, GrainId grain)
        where T : new() => await _silo.States.WriteStateAsync(name, grain, new GrainState<T>(new T()));

    private async Task<GrainState<T>> Read<T>(string name, GrainId grain)
        where T : new()
    {
        var state = new GrainState<T>(new T());
        await _silo.States.ReadStateAsync(name, grain, state);
        return state;
    }
}
