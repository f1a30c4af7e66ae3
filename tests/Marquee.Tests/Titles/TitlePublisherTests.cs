using System.Collections.Immutable;
using Marquee.Contracts.Titles;
using Marquee.Grains.Titles;
using Marquee.Tests.Gateway;

namespace Marquee.Tests.Titles;

/// <summary>In a cluster every silo brings its share of a title in the same beat.</summary>
public sealed class TitlePublisherTests
{
    private const string Tenant = "default";

    private readonly FakeGrainFactory _grains = new();
    private readonly TitlePublisher _publisher;
    private readonly List<(string Key, int[] Partitions)> _applied = [];

    public TitlePublisherTests()
    {
        _publisher = FakeTitleSilos.Publisher(_grains, isClustered: true);
        var row = _grains.Row;
        _grains.Row = (key, shares) =>
        {
            _applied.Add((key, [.. shares.Select(share => share.Partition)]));
            return row(key, shares);
        };
    }

    [Fact]
    public async Task Publish_TwoSilosBringATitle_ItTakesThemOverOnceAndMakesOneRow()
    {
        var answers = await Task.WhenAll(_publisher.Publish(Tenant, Of(1, "a", "b")), _publisher.Publish(Tenant, Of(2, "b", "c")));

        Assert.All(answers, answer => Assert.Equal((true, FakeCatalogue.Incarnation), (answer.Missed.IsEmpty, answer.Feed)));
        Assert.Equal([$"{Tenant}/a", $"{Tenant}/b", $"{Tenant}/c"], Assert.Single(_grains.Catalogue.Published).Select(row => row.TitleId).Order());
        Assert.Equal([1, 2], Assert.Single(_applied, title => title.Key == $"{Tenant}/b").Partitions);
    }

    [Fact]
    public async Task Publish_ATitleFails_WhoeverBroughtItMissesIt()
    {
        var row = _grains.Row;
        _grains.Row = (key, shares) => key.EndsWith('a') ? throw new TimeoutException() : row(key, shares);
        var answers = await Task.WhenAll(_publisher.Publish(Tenant, Of(1, "a", "b")), _publisher.Publish(Tenant, Of(2, "b", "c")));

        Assert.Equal(["a"], answers[0].Missed);
        Assert.Empty(answers[1].Missed);
    }

    [Fact]
    public async Task Publish_AfterABeat_IsAnotherOne()
    {
        await _publisher.Publish(Tenant, Of(1, "a"));
        await _publisher.Publish(Tenant, Of(1, "a"));
        Assert.Equal(2, _grains.Catalogue.Published.Count);
    }

    private static ImmutableArray<TitleChangeMessage> Of(int partition, params string[] titleIds) =>
        [.. titleIds.Select(titleId => new TitleChangeMessage(titleId, [FakeTitleSilos.Share(partition)]))];
}
