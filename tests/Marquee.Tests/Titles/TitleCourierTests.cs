using Marquee.Grains.Events;
using Marquee.Tests.Gateway;

namespace Marquee.Tests.Titles;

/// <summary>What changed is carried to where the titles are: by title here, in one call to each other silo.</summary>
public sealed class TitleCourierTests
{
    private const string Tenant = "default";

    private readonly FakeGrainFactory _grains = new();
    private readonly FakeTitleSilos _others = new();
    private readonly TitleCourier _courier;

    public TitleCourierTests() => _courier = _others.Courier(_grains);

    [Fact]
    public async Task Carry_TitlesOfSeveralSilos_OneCallToEachOther()
    {
        _others.Add("b", "c", "d");
        _others.Silos["d"] = FakeTitleSilos.Second;

        Assert.Empty((await _courier.Carry(Tenant, ["a", "b", "c", "d"], partition: 3)).Missed);

        Assert.Equal([$"{Tenant}/a"], Assert.Single(_grains.Catalogue.Published).Select(row => row.TitleId));
        Assert.Equivalent(new[] { "First: b c", "Second: d" }, _others.Calls);
    }

    [Fact]
    public async Task Carry_TwoPartitionsInOneRound_EachTitleOnce()
    {
        _others.Add("b");
        var first = _courier.Carry(Tenant, ["a", "b"], partition: 0);
        var second = _courier.Carry(Tenant, ["a", "b"], partition: 1);
        await Task.WhenAll(first, second);

        Assert.Single(Assert.Single(_grains.Catalogue.Published));
        Assert.Equal([0, 1], Assert.Single(_others.Changes).Shares.Select(share => share.Partition));
    }

    [Fact]
    public async Task Carry_SiloThatDoesNotAnswer_ItsTitlesAreMissed()
    {
        _others.Add("b", "c");
        _others.Answer = _ => throw new TimeoutException();

        Assert.Equivalent(new[] { "b", "c" }, (await _courier.Carry(Tenant, ["a", "b", "c"], partition: 0)).Missed);
        Assert.Single(_grains.Catalogue.Published);
    }

    [Fact]
    public async Task Carry_TitlesMissedThere_AreMissed()
    {
        _others.Add("b", "c");
        _others.Answer = _ => ["c"];

        Assert.Equal(["c"], (await _courier.Carry(Tenant, ["a", "b", "c"], partition: 0)).Missed);
    }

    /// <remarks>A round that threw was the last one of its silo, and every partition waited for it for ever.</remarks>
    [Fact]
    public async Task Carry_NobodyKnowsWhereTitlesAre_AllAreMissedAndTheNextRoundGoesOut()
    {
        _others.FindFailure = new InvalidOperationException("No members.");
        Assert.Equivalent(new[] { "a", "b" }, (await _courier.Carry(Tenant, ["a", "b"], partition: 0)).Missed);

        _others.FindFailure = null;
        Assert.Empty((await _courier.Carry(Tenant, ["a", "b"], partition: 0)).Missed);
    }

    [Fact]
    public async Task Carry_GrainThatFailsHere_OnlyItsTitleIsMissed()
    {
        var row = _grains.Row;
        _grains.Row = (key, shares) => key.EndsWith('b') ? throw new TimeoutException() : row(key, shares);

        Assert.Equal(["b"], (await _courier.Carry(Tenant, ["a", "b"], partition: 0)).Missed);
        Assert.Equal([$"{Tenant}/a"], Assert.Single(_grains.Catalogue.Published).Select(published => published.TitleId));
    }

    [Fact]
    public async Task Carry_AnotherSiloToldAnotherFeed_SaysSo()
    {
        _others.Add("b");
        Assert.Equal([FakeCatalogue.Incarnation], (await _courier.Carry(Tenant, ["a", "b"], partition: 0)).Feeds);
        _others.Feed = 8;
        Assert.Equivalent(new[] { FakeCatalogue.Incarnation, 8 }, (await _courier.Carry(Tenant, ["a", "b"], partition: 0)).Feeds);
    }
}

file static class Carrying
{
    public static Task<CarriedTitles> Carry(this TitleCourier courier, string tenant, string[] titleIds, int partition) =>
        courier.Carry(tenant, titleIds.Select(titleId => (titleId, FakeTitleSilos.Share(partition))));
}
