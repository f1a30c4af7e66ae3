using Marquee.Engine.Events;
using Marquee.Grains.Events;
using Marquee.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Titles;

/// <summary>What a partition counts as told is known to the catalogue feed that lives.</summary>
public sealed class TitleHandOverTests
{
    private const string Tenant = "default";

    private readonly FakeGrainFactory _grains = new();
    private readonly FakeTitleSilos _others = new();
    private readonly OpenPartition _partition = new(Number: 3, Epoch: 1, new PartitionState(new PartitionStateOptions()));
    private readonly FakeTimeProvider _time = new();
    private readonly TitleHandOver _handOver;

    public TitleHandOverTests()
    {
        _others.Add("b");
        _handOver = new TitleHandOver(_grains, _others.Courier(_grains), _partition, _time, NullLogger.Instance);
        Apply("a", "b");
    }

    [Fact]
    public async Task Run_AllTold_CountsThemAndTellsNothingAgain()
    {
        await _handOver.Run();
        Assert.Equal(2, _handOver.PublishedOffset);
        await _handOver.Run();

        Assert.Equal([2L], _grains.Catalogue.Covered);
        Assert.Equal(["First: b"], _others.Calls);
        Assert.Single(_grains.Catalogue.Published);
    }

    [Fact]
    public async Task Run_AnotherSiloToldAnotherFeed_CountsNothingAndTellsAllAgain()
    {
        _others.Feed = 8;
        await _handOver.Run();
        Assert.Equal(0, _handOver.PublishedOffset);
        Assert.Empty(_grains.Catalogue.Covered);

        _others.Feed = FakeCatalogue.Incarnation;
        await _handOver.Run();
        Assert.Equal(2, _handOver.PublishedOffset);
        Assert.Equal([2L], _grains.Catalogue.Covered);
        Assert.Equal(["First: b", "First: b"], _others.Calls);
        Assert.Equal(2, _grains.Catalogue.Published.Count);
    }

    [Fact]
    public async Task Run_TitleMissed_TellsItAloneAgain()
    {
        _others.Answer = _ => ["b"];
        await _handOver.Run();
        Assert.Equal(0, _handOver.PublishedOffset);

        _others.Answer = _ => [];
        await _handOver.Run();
        Assert.Equal(2, _handOver.PublishedOffset);
        Assert.Equal(["First: b", "First: b"], _others.Calls);
        Assert.Single(_grains.Catalogue.Published);
    }

    [Fact]
    public async Task Run_FeedHasBegunAnew_TellsItEverythingAgain()
    {
        await _handOver.Run();
        Apply("a");
        _grains.Catalogue.HasBegunAnew = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        await _handOver.Run();
        Assert.Equal(2, _handOver.PublishedOffset);

        _grains.Catalogue.HasBegunAnew = false;
        await _handOver.Run();
        Assert.Equal(3, _handOver.PublishedOffset);
        Assert.Equal(["First: b", "First: b"], _others.Calls);
    }

    /// <remarks>A partition that changes all the time would call another silo for it several times a second.</remarks>
    [Fact]
    public async Task Run_ChangesAgainAndAgain_TellsTheFeedHowFarItIsOnceASecond()
    {
        await _handOver.Run();
        Apply("a");
        await _handOver.Run();
        Assert.Equal(3, _handOver.PublishedOffset);
        Assert.Equal([2L], _grains.Catalogue.Covered);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _handOver.Run();
        Assert.Equal([2L, 3L], _grains.Catalogue.Covered);
        await _handOver.Run();
        Assert.Equal([2L, 3L], _grains.Catalogue.Covered);
    }

    [Fact]
    public async Task Run_ChangesWhileItTells_AreToldWithTheNextBeat()
    {
        _others.Answer = _ =>
        {
            if (_others.Calls.Count == 1)
            {
                Apply("b");
            }

            return [];
        };
        await _handOver.Run();

        Assert.Equal(["First: b", "First: b"], _others.Calls);
        Assert.Equal(3, _handOver.PublishedOffset);
    }

    [Fact]
    public async Task Run_ThePartitionEndsMeanwhile_BeginsNothingMore()
    {
        _others.Answer = _ =>
        {
            Apply("b");
            _handOver.Stop();
            return [];
        };
        await _handOver.Run();

        Assert.Single(_others.Calls);
    }

    private void Apply(params string[] titleIds)
    {
        foreach (var titleId in titleIds)
        {
            var offset = _partition.State.NextOffset;
            _partition.State.Apply(
                new LogEntry(Tenant, "u", new EngagementEvent { EventId = $"e{offset}", UserId = "u", TitleId = titleId, Type = EngagementType.Complete, OccurredAt = 1_000 + offset }), appendedAt: 1_000);
        }
    }
}
