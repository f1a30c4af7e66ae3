using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>The event path's grains over a real store, with faults between them and the log.</summary>
public sealed class PartitionGrainTests : IAsyncLifetime
{
    private const string Tenant = "default";
    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-grains-").FullName;
    private TestSilo _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await TestSilo.Start(_directory);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Append_AnswerLostButLanded_TheRetryIsADuplicateAndNothingIsDoubled()
    {
        await Append("a", "e0");
        _silo.Log.Next(FaultyLog.Fault.LandedUnknown);
        Assert.Equal(AppendOutcome.Unknown, (await Try("a", "e1")).Outcome);
        var retried = await Append("a", "e1", "e2");
        Assert.Equal((1, 1), (retried.Accepted, retried.Duplicates));
        Assert.Equal(["e2", "e1", "e0"], await History("a"));
        Assert.Equal(3, await Likes("t"));
    }

    [Fact]
    public async Task Append_AnswerLostAndNotLanded_TheRetryIsAccepted()
    {
        await Append("b", "e0");
        _silo.Log.Next(FaultyLog.Fault.LostUnknown);
        Assert.Equal(AppendOutcome.Unknown, (await Try("b", "e1")).Outcome);
        Assert.Equal((1, 0), ((await Append("b", "e1")) is var result ? (result.Accepted, result.Duplicates) : default));
        Assert.Equal(["e1", "e0"], await History("b"));
    }

    [Fact]
    public async Task Append_FencedByAnotherWriter_IsRefusedAndCountedAndTheNextActivationGoesOn()
    {
        var (meters, fenced) = (_silo.Get<IMeterFactory>(), 0L);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "marquee.appends.fenced")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, appends, _, _) => Interlocked.Add(ref fenced, appends));
        listener.Start();
        var before = await Append("c", "e0");
        _silo.Log.Next(FaultyLog.Fault.Fenced);
        Assert.Equal(AppendOutcome.Unknown, (await Try("c", "e1")).Outcome);
        var after = await Append("c", "e1");
        Assert.True(after.Position.Epoch > before.Position.Epoch);
        Assert.Equal(before.Position.Offset + 1, after.Position.Offset);
        Assert.Equal(["e1", "e0"], await History("c"));
        Assert.Equal(1, Interlocked.Read(ref fenced));
    }

    [Fact]
    public async Task Append_StoreFull_SaysSoAndGoesOnWhenThereIsRoom()
    {
        _silo.Log.Next(FaultyLog.Fault.Full);
        var refused = await Try("d", "e0");
        Assert.Equal(AppendOutcome.Unavailable, refused.Outcome);
        Assert.Contains("room", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await Append("d", "e0")).Accepted);
    }

    [Fact]
    public async Task Append_TheSameEventManyTimesAtOnce_IsAcceptedOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Append("e", "same")));
        Assert.Equal(1, results.Sum(result => result.Accepted));
        Assert.Equal(49, results.Sum(result => result.Duplicates));
        Assert.Equal(["same"], await History("e"));
    }

    [Fact]
    public async Task Checkpoint_ThenRestart_ReplaysNothingAndKnowsEverything()
    {
        await Append("f", [.. Enumerable.Range(0, 300).Select(i => $"e{i}")]);
        var partition = Partition("f");
        await partition.Checkpoint();
        await Append("f", "after");
        await partition.Checkpoint();
        var status = await partition.GetStatus();
        Assert.Equal(status.NextOffset, status.SnapshotOffset);
        Assert.True(status.FirstOffset > 0, "The log let go of nothing.");
        await Restart();
        Assert.Equal(301, (await History("f")).Length);
        Assert.Equal(301, await Likes("t"));
        Assert.Equal(1, (await Append("f", "e7")).Duplicates);
        await Append("f", "later");
        Assert.Contains("later", await History("f"));
    }

    [Fact]
    public async Task Restart_WithoutCheckpoint_ReplaysTheLog()
    {
        await Append("g", "e0", "e1");
        await Append("h", "e0");
        await Restart();
        Assert.Equal(["e1", "e0"], await History("g"));
        Assert.Equal(["e0"], await History("h"));
        Assert.Equal(3, await Likes("t"));
    }

    [Fact]
    public async Task EraseUser_ThenCheckpoints_LeavesNoTraceOfTheUserInTheStore()
    {
        await Append("erased-user-name", "e0", "e1");
        await Append("other", "e0");
        await Partition("erased-user-name").EraseUser(Tenant, "erased-user-name");
        Assert.Empty(await History("erased-user-name"));
        await Partition("erased-user-name").Checkpoint();
        await Partition("erased-user-name").Checkpoint();
        Assert.Empty(await History("erased-user-name"));
        await _silo.DisposeAsync();
        foreach (var file in Directory.GetFiles(_directory))
        {
            Assert.False(
                File.ReadAllBytes(file).AsSpan().IndexOf("erased-user-name"u8) >= 0,
                $"{Path.GetFileName(file)} still holds the user's id.");
        }

        _silo = await TestSilo.Start(_directory);
        Assert.Equal(["e0"], await History("other"));
    }

    [Fact]
    public async Task Append_UnknownTitlesBeyondTheBound_AreRefusedAndRetriesAndKnownTitlesAreNot()
    {
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory, options => options.MostUnknownTitles = 3);
        var first = Events(("e0", "s0"), ("e1", "s1"), ("e2", "s2"));
        Assert.Equal(3, (await Partition("i").Append(Tenant, first)).Accepted);
        var replica = _silo.Get<Marquee.Grains.Catalogue.CatalogueReplica>();
        while (replica.Current.UnknownTitleCount < 3)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var result = await Partition("i").Append(Tenant, [.. Events(("e3", "s3"), ("e4", "s1"), ("e5", "s5")), .. first]);
        Assert.Equal((AppendOutcome.Accepted, 1, 3), (result.Outcome, result.Accepted, result.Duplicates));
        Assert.Equal([0, 2], result.RefusedTitles);
        Assert.Equal(["e4", "e2", "e1", "e0"], await History("i"));

        var all = await Partition("i").Append(Tenant, Events(("e6", "s6")));
        Assert.Equal((AppendOutcome.Accepted, 0, 0), (all.Outcome, all.Accepted, all.Duplicates));

        ImmutableArray<EngagementMessage> Events(params (string EventId, string TitleId)[] events) =>
        [
            .. events.Select(sent => new EngagementMessage
            {
                EventId = sent.EventId, UserId = "i", TitleId = sent.TitleId, Type = EngagementType.Like, OccurredAt = 1_000,
            }),
        ];
    }

    private async Task Restart()
    {
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory);
    }

    private async Task<AppendResult> Append(string userId, params string[] eventIds)
    {
        var result = await Try(userId, eventIds);
        Assert.Equal(AppendOutcome.Accepted, result.Outcome);
        return result;
    }

    private Task<AppendResult> Try(string userId, params string[] eventIds) =>
        Partition(userId).Append(Tenant, [.. eventIds.Select((id, i) => new EngagementMessage
        {
            EventId = id,
            UserId = userId,
            TitleId = "t",
            Type = EngagementType.Like,
            OccurredAt = 1_700_000_000_000 + i,
        })]);

    private IEventPartitionGrain Partition(string userId) =>
        _silo.Grains.GetGrain<IEventPartitionGrain>(PartitionHash.Of(Tenant, userId, 4));

    private async Task<string[]> History(string userId)
    {
        var page = await _silo.Grains.GetGrain<IUserGrain>($"{Tenant}/{userId}").GetHistory(1000, null, null);
        return [.. page.Events.Select(entry => entry.EventId)];
    }

    private async Task<long> Likes(string titleId)
    {
        // Counters reach the title's grain with the next hand-over; the grain asks the partitions when it wakes up.
        for (var attempt = 0; ; attempt++)
        {
            var statistics = await _silo.Grains.GetGrain<ITitleGrain>($"{Tenant}/{titleId}").GetStatistics();
            var handedOver = await Task.WhenAll(Enumerable.Range(0, 4).Select(p => _silo.Grains.GetGrain<IEventPartitionGrain>(p).GetStatus()));
            if (handedOver.All(status => status.UnpublishedOffset == status.NextOffset) || attempt == 100)
            {
                return (await _silo.Grains.GetGrain<ITitleGrain>($"{Tenant}/{titleId}").GetStatistics()).Counts[(int)EngagementType.Like];
            }

            await Task.Delay(50);
        }
    }
}
