using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Storage.Snapshots;

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
