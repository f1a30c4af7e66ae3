using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Grains.Catalogue;

namespace Marquee.Tests.Catalogue;

public class CatalogueEntryTableTests
{
    private readonly CatalogueEntryTable _table = new();

    [Fact]
    public void After_PartsChangedApart_TellsOnlyThose()
    {
        _table.SetMetadata(Title("a"));
        _table.SetLive(Live("a", events: 1));
        var seen = _table.Version;
        _table.SetLive(Live("a", events: 2));

        var row = Assert.Single(_table.After(seen, 10).Rows);
        Assert.Equal(CatalogueParts.Live, row.Parts);
        Assert.Null(row.Metadata);
        Assert.Equal(2, row.Live!.Totals.EventCount);
        Assert.Equal(CatalogueParts.Metadata | CatalogueParts.Live, Assert.Single(_table.After(0, 10).Rows).Parts);
        Assert.Empty(_table.After(_table.Version, 10).Rows);
    }

    [Fact]
    public void After_MoreThanAsked_GoesOnFromTheLastTold()
    {
        for (var i = 0; i < 5; i++)
        {
            _table.SetLive(Live($"{i}", events: 1));
        }

        var (rows, more) = _table.After(0, 3);
        Assert.True(more);
        var (rest, _) = _table.After(rows[^1].Version, 3);
        Assert.Equal(["0", "1", "2", "3", "4"], rows.Concat(rest).Select(row => row.TitleId));
    }

    [Fact]
    public void SetLive_FewerEventsThanKnown_ChangesNothing()
    {
        _table.SetLive(Live("a", events: 5));
        _table.SetLive(Live("a", events: 4));
        Assert.Equal(5, Assert.Single(_table.All).Live!.Totals.EventCount);
    }

    [Fact]
    public void SetMetadata_OfARemovedTitle_TellsEveryPartAgain()
    {
        _table.SetMetadata(Title("a"));
        _table.SetLive(Live("a", events: 1));
        _table.SetNeighbours(new TitleNeighboursMessage("a", ["b"], [4096], [1]));
        _table.Remove("a");
        var seen = _table.Version;
        Assert.True(Assert.Single(_table.After(0, 10).Rows).Removed);

        Assert.False(_table.SetMetadata(Title("a")));
        var row = Assert.Single(_table.After(seen, 10).Rows);
        Assert.Equal(CatalogueParts.All, row.Parts);
        Assert.False(row.Removed);
        Assert.NotNull(row.Live);
        Assert.NotNull(row.Neighbours);
    }

    [Fact]
    public void Restore_WhatAllGave_GivesTheSameRows()
    {
        _table.SetMetadata(Title("a"));
        _table.SetLive(Live("b", events: 3));
        var restored = new CatalogueEntryTable();
        foreach (var row in _table.All)
        {
            restored.Restore(row);
        }

        Assert.Equal(_table.All, restored.All);
    }

    private static TitleMessage Title(string id) => new() { TitleId = id, Name = id };

    private static TitleRowMessage Live(string id, long events) => new()
    {
        TitleId = id,
        Totals = new EngagementTotals
        {
            Counts = [],
            EventCount = events,
            Positives = 0,
            Verdicts = 0,
            Popularity = new PopularityMessage(0, []),
            FirstEventAt = 1,
            LastEventAt = 2,
        },
    };
}
