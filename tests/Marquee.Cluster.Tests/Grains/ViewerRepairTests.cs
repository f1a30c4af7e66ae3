using System.Buffers;
using System.Diagnostics;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using Marquee.Grains;
using Marquee.Grains.Events;
using Marquee.Grains.Users;
using Marquee.Storage.Events;
using AppendOutcome = Marquee.Contracts.Events.AppendOutcome;
using EngagementType = Marquee.Contracts.Events.EngagementType;
using StoredOutcome = Marquee.Storage.Events.AppendOutcome;
using StoredType = Marquee.Engine.Events.EngagementType;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>An acknowledged event reaches its viewer's grain whatever else is under way there: pulls, calls that are lost, partitions that move.</summary>
public sealed class ViewerRepairTests : IAsyncLifetime
{
    private const string Tenant = "default";
    private const string Viewer = "ada";

    /// <summary>In the same partition.</summary>
    private static readonly string OtherViewer = Enumerable.Range(0, 100).Select(i => $"other-{i}")
        .First(user => PartitionHash.Of(Tenant, user, 4) == PartitionHash.Of(Tenant, Viewer, 4));

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-viewers-").FullName;
    private TestSilo _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEventPartitionGrain Partition => _silo.Grains.GetGrain<IEventPartitionGrain>(PartitionHash.Of(Tenant, Viewer, 4));

    private IUserGrain User => _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{Viewer}");

    public async ValueTask InitializeAsync()
    {
        _silo = await TestSilo.Start(_directory, Configure);
        await Append("e0");

        // The viewer's grain has to wake up and pull what it does not know.
        await Restart();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <remarks>Calls that wait for one pull go on in no order that anybody promised.</remarks>
    [Fact]
    public async Task Append_SeveralWhileThePullIsUnderWay_EachIsInTheHistory()
    {
        using (var held = _silo.Log.HoldReads())
        {
            await Append("e1");
            await held.Reached;
            await Append("e2");
            await Append("e3");
            await Append("e4");
        }

        Assert.Equal(["e4", "e3", "e2", "e1", "e0"], await History());
    }

    [Fact]
    public async Task Append_HandOverLostAndTheNextJoinsAnOlderPull_BothAreInTheHistory()
    {
        using (var held = _silo.Log.HoldReads())
        {
            await Append("e1");
            await held.Reached;
            await AppendUnheard("e2");
            await Append("e3");
        }

        Assert.Equal(["e3", "e2", "e1", "e0"], await History());
    }

    [Fact]
    public async Task GetHistory_AfterAPositionWhileAnOlderPullIsUnderWay_CoversThePosition()
    {
        Task<HistoryPage> reading;
        AppendResult appended;
        using (var held = _silo.Log.HoldReads())
        {
            await Append("e1");
            await held.Reached;
            appended = await AppendUnheard("e2");
            reading = User.GetHistory(1000, null, appended.Position);
        }

        var page = await reading;
        Assert.Equal(["e2", "e1", "e0"], page.Events.Select(entry => entry.EventId));
        Assert.True(page.Position.Offset >= appended.Position.Offset);
    }

    [Fact]
    public async Task Checkpoint_WhileAnOlderPullIsUnderWay_LetsNothingGoThatTheViewerLacks()
    {
        Task checkpoint;
        using (var held = _silo.Log.HoldReads())
        {
            await Append("e1");
            await held.Reached;
            await AppendUnheard("e2");
            checkpoint = Partition.Checkpoint();
        }

        await checkpoint;
        await Restart();
        Assert.Equal(["e2", "e1", "e0"], await History());
    }

    [Fact]
    public async Task Append_ViewerIsOnTheSameSilo_IsHandedOverWithoutACall()
    {
        Assert.Equal(["e0"], await History());
        using (_silo.Calls.Fail<IUserGrain>(nameof(IUserGrain.Apply)))
        using (_silo.Calls.Fail<IEventPartitionGrain>(nameof(IEventPartitionGrain.ReadUserTail)))
        {
            await Append("e1");
            await Append("e2");
            Assert.Equal(["e2", "e1", "e0"], await History());
        }
    }

    [Fact]
    public async Task Append_ViewerOnTheSameSiloLacksSomethingBefore_DoesNotMovePastTheGap()
    {
        Assert.Equal(["e0"], await History());
        await AppendUnheard("e1");
        using (_silo.Calls.Fail<IEventPartitionGrain>(nameof(IEventPartitionGrain.ReadUserTail)))
        {
            await Append("e2");
            Assert.Equal(["e0"], await History());
        }

        Assert.Equal(["e2", "e1", "e0"], await History());
    }

    /// <remarks>The owner that knew whom it still had to tell is gone; nothing new comes for this viewer.</remarks>
    [Fact]
    public async Task Append_HandOverLostAndThenThePartition_TheNextOwnerTellsTheViewer()
    {
        Assert.Equal(["e0"], await History());
        await AppendUnheard("e1");
        await LosePartition();
        for (var attempt = 0; (await History()).Length < 2 && attempt < 200; attempt++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["e1", "e0"], await History());
    }

    /// <remarks>As where a cut leaves the viewer on an evicted silo and the partition on another: it is the partition that knows of the eviction.</remarks>
    [Fact]
    public async Task GetHistory_ThePartitionKnowsOfAChangeOfTheClusterThatThisSiloDoesNot_SaysThatItMayBeOld()
    {
        using (_silo.Calls.Change<IEventPartitionGrain, UserTail>(nameof(IEventPartitionGrain.ReadUserTail), tail => tail with { MembersVersion = tail.MembersVersion + 1 }))
        {
            Assert.True((await User.GetHistory(1000, null, null)).Degraded);
        }

        Assert.False((await User.GetHistory(1000, null, null)).Degraded);
    }

    [Fact]
    public async Task GetHistory_AfterAPositionThatWasNotHandedOver_CoversIt()
    {
        Assert.Equal(["e0"], await History());
        var appended = await AppendUnheard("e1");
        await LosePartition();
        var page = await User.GetHistory(1000, null, appended.Position);
        Assert.Equal(["e1", "e0"], page.Events.Select(entry => entry.EventId));
        Assert.False(page.Degraded);
    }

    /// <remarks>Who sends again does not know what became of the first time; its acknowledgement means what every other does.</remarks>
    [Fact]
    public async Task Append_AgainWhatWasNeverHandedOver_TheViewerKnowsItWhenItIsAcknowledged()
    {
        Assert.Equal(["e0"], await History());
        _silo.Log.Next(FaultyLog.Fault.LandedUnknown);
        Assert.Equal(AppendOutcome.Unknown, (await Try("e1")).Outcome);
        Assert.Equal(1, (await Append("e1")).Duplicates);
        Assert.Equal(["e1", "e0"], await History());
    }

    [Fact]
    public async Task GetHistory_PartitionCannotBeAsked_AnswersWhatIsKnownAndSaysSo()
    {
        Assert.Equal(["e0"], await History());
        var appended = await AppendUnheard("e1");
        using (_silo.Calls.Fail<IEventPartitionGrain>(nameof(IEventPartitionGrain.ReadUserTail)))
        {
            var page = await User.GetHistory(1000, null, appended.Position);
            Assert.Equal(["e0"], page.Events.Select(entry => entry.EventId));
            Assert.True(page.Degraded);
            Assert.True(page.Position.Offset < appended.Position.Offset);
            Assert.True((await User.Recommend(new SlateRequest { Surface = "top-picks", Count = 1, After = appended.Position })).Degraded);
        }

        Assert.False((await User.GetHistory(1000, null, appended.Position)).Degraded);
    }

    /// <remarks>A token of another store, or of one that was restored from a backup since.</remarks>
    [Fact]
    public async Task GetHistory_AfterAPositionThatDoesNotExist_SaysThatItIsNotCovered()
    {
        var appended = await Append("e1");
        var page = await User.GetHistory(1000, null, appended.Position with { Offset = appended.Position.Offset + 1_000 });
        Assert.Equal(["e1", "e0"], page.Events.Select(entry => entry.EventId));
        Assert.True(page.Degraded);
    }

    /// <remarks>
    /// As after a cut: the other side took the partition over, acknowledged an event and is gone, and this side's activation,
    /// which nobody told, is asked again. Nothing is ever written to it that would tell it.
    /// </remarks>
    [Fact]
    public async Task Read_AnotherNodeOwnedThePartitionMeanwhile_ItsEventIsInTheHistoryThoughNobodyWrites()
    {
        var known = await Append("e1");
        var name = LogPartition.Events(known.Position.Partition);
        var other = await _silo.Log.OpenAsync(name, Cancellation);
        var payload = new ArrayBufferWriter<byte>();
        LogEntryCodec.Encode([new LogEntry(Tenant, Viewer, new EngagementEvent { EventId = "e2", UserId = Viewer, TitleId = "t", Type = StoredType.Like, OccurredAt = 1_700_000_000_100 })], 1_700_000_000_100, payload);
        Assert.Equal(StoredOutcome.Appended, await _silo.Log.AppendAsync(name, other.Epoch, other.NextOffset, new LogBatch(1, payload.WrittenMemory), Cancellation));
        for (var clock = Stopwatch.StartNew(); await History() is not ["e2", "e1", "e0"]; await Task.Delay(100, Cancellation))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"The history is still {string.Join(", ", await History())}.");
        }
    }

    /// <summary>The partition's activation ends as when its claim is refused, and another takes over.</summary>
    private async Task LosePartition()
    {
        var before = await Partition.GetStatus();
        _silo.Log.Next(FaultyLog.Fault.Fenced);
        Assert.Equal(AppendOutcome.Unknown, (await Try("lost", user: OtherViewer)).Outcome);
        while ((await Partition.GetStatus()).Epoch <= before.Epoch + 1)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static void Configure(MarqueeOptions options)
    {
        options.IsClustered = true;
        options.DeliveryBudget = TimeSpan.FromMilliseconds(100);
    }

    private async Task Restart()
    {
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory, Configure);
        await Partition.GetStatus();
    }

    /// <summary>Appends an event, and what is said to the viewer's grain about it is lost.</summary>
    private async Task<AppendResult> AppendUnheard(string eventId)
    {
        var viewers = _silo.Get<LocalViewers>();
        var partition = PartitionHash.Of(Tenant, Viewer, 4);
        var viewer = viewers.Find(partition, GrainId.Create(UserGrain.Type, $"{Tenant}/{Viewer}"));
        if (viewer is not null)
        {
            // As if it were on another silo, where only a call gets to.
            viewers.Remove(partition, viewer);
        }

        using (_silo.Calls.Fail<IUserGrain>(nameof(IUserGrain.Apply)))
        {
            var result = await Append(eventId);
            if (viewer is not null)
            {
                viewers.Add(partition, viewer);
            }

            return result;
        }
    }

    private async Task<AppendResult> Append(string eventId)
    {
        var result = await Try(eventId);
        Assert.Equal(AppendOutcome.Accepted, result.Outcome);
        return result;
    }

    private Task<AppendResult> Try(string eventId, string user = Viewer) => Partition.Append(Tenant, [new EngagementMessage
    {
        EventId = eventId,
        UserId = user,
        TitleId = "t",
        Type = EngagementType.Like,
        OccurredAt = 1_700_000_000_000 + eventId[1],
    }]);

    private async Task<string[]> History() =>
        [.. (await User.GetHistory(1000, null, null)).Events.Select(entry => entry.EventId)];
}
