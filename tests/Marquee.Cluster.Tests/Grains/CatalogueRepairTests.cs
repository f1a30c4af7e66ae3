using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>What events change about titles reaches the catalogue's rows, whichever of partition and feed begins anew in between.</summary>
public sealed class CatalogueRepairTests : IAsyncLifetime
{
    private const string Tenant = "default";

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-catalogue-").FullName;
    private TestSilo _silo = null!;

    private ICatalogueFeedGrain Feed => _silo.Grains.GetGrain<ICatalogueFeedGrain>(Tenant);

    private IEventPartitionGrain Partition => _silo.Grains.GetGrain<IEventPartitionGrain>(0);

    public async ValueTask InitializeAsync() => _silo = await TestSilo.Start(_directory, options => options.IsClustered = true);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <remarks>The partition's snapshot holds the change, so that replaying its log does not bring it up again.</remarks>
    [Fact]
    public async Task Partition_BeginsAnewBeforeItToldOfChangedNeighbours_TheyReachTheRows()
    {
        using (var held = _silo.Calls.Hold<IEventPartitionGrain>(nameof(IEventPartitionGrain.ReadNeighbours)))
        {
            await Like("a", "first", "second");

            // The feed has asked whose neighbours changed, and reads those; it asks again when it is through.
            await held.Reached;
            await Like("b", "third", "fourth");
            await Partition.Checkpoint();
            await LosePartition();
        }

        await Eventually(rows => rows.Any(row => row.TitleId == "third" && row.Neighbours?.Neighbours is ["fourth"]));
    }

    [Fact]
    public async Task Partition_BeginsAnewBeforeItHandedOverCounts_TheyReachTheRows()
    {
        using (_silo.Calls.Fail<ITitleGrain>(nameof(ITitleGrain.Apply)))
        {
            await Like("a", "first");
            await Partition.Checkpoint();
            await LosePartition();
        }

        await Eventually(rows => rows.Any(row => row.TitleId == "first" && row.Live?.Totals.EventCount == 1));
    }

    [Fact]
    public async Task Title_ThatIsUpOnTheSilo_TakesOverWithoutACall()
    {
        await Like("a", "first");
        await Eventually(rows => rows.Any(row => row.TitleId == "first" && row.Live?.Totals.EventCount == 1));
        using (_silo.Calls.Fail<ITitleGrain>(nameof(ITitleGrain.Apply)))
        {
            await Like("b", "first");
            await Eventually(rows => rows.Any(row => row.TitleId == "first" && row.Live?.Totals.EventCount == 2));
        }
    }

    /// <remarks>
    /// A feed that dies takes with it what it had not stored; the partitions have handed that over already. Who waits for news
    /// of it does not keep it alive: calls to the next one would expire.
    /// </remarks>
    [Fact]
    public async Task Feed_BeginsAnewBeforeItStoredRows_ThePartitionsTellThemAgain()
    {
        await Like("a", "first", "second");
        await Eventually(rows => rows.Any(row => row is { TitleId: "first", Live: not null, Neighbours: not null }));
        var before = (await Feed.ReadDelta(0, TimeSpan.Zero)).Incarnation;
        var waiting = Feed.ReadDelta(long.MaxValue, TimeSpan.FromMinutes(2));
        _silo.States.Refused = "catalogue";
        _silo.Log.NextOfCatalogue(FaultyLog.Fault.Fenced);
        Assert.Equal(CatalogueWriteOutcome.Unknown, (await Feed.Upsert([new TitleMessage { TitleId = "other", Name = "Other", Kind = TitleKind.Film }])).Outcome);
        await Eventually(
            rows => rows.Any(row => row is { TitleId: "first", Live: not null, Neighbours: not null }),
            delta => delta.Incarnation != before);
        Assert.Equal(before, (await waiting).Incarnation);
    }

    private async Task Eventually(Func<IEnumerable<CatalogueRowMessage>, bool> holds, Func<CatalogueDelta, bool>? ofThese = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var delta = await Feed.ReadDelta(0, TimeSpan.Zero);
            if ((ofThese is null || ofThese(delta)) && holds(delta.Rows))
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, $"The rows are {string.Join(", ", delta.Rows.Select(row => $"{row.TitleId} ({row.Live?.Totals.EventCount} events; {row.Neighbours?.Neighbours.Length} neighbours)"))}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The partition's activation ends as when its claim is refused, and another takes over.</summary>
    private async Task LosePartition()
    {
        var before = await Partition.GetStatus();
        _silo.Log.Next(FaultyLog.Fault.Fenced);
        Assert.Equal(AppendOutcome.Unknown, (await Append("lost", "first")).Outcome);
        while ((await Partition.GetStatus()).Epoch <= before.Epoch + 1)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task Like(string viewer, params string[] titleIds)
    {
        foreach (var titleId in titleIds)
        {
            Assert.Equal(AppendOutcome.Accepted, (await Append(viewer, titleId)).Outcome);
        }
    }

    private Task<AppendResult> Append(string viewer, string titleId)
    {
        var inPartition = Enumerable.Range(0, 100).Select(i => $"{viewer}-{i}").First(user => PartitionHash.Of(Tenant, user, 4) == 0);
        return Partition.Append(Tenant, [new EngagementMessage
        {
            EventId = $"{viewer}-{titleId}",
            UserId = inPartition,
            TitleId = titleId,
            Type = EngagementType.Like,
            OccurredAt = 1_700_000_000_000,
        }]);
    }
}
