using CsCheck;
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

        var (rows, version, more) = _table.After(0, 3);
        Assert.True(more);
        var (rest, _, _) = _table.After(version, 3);
        Assert.Equal(["0", "1", "2", "3", "4"], rows.Concat(rest).Select(row => row.TitleId));
    }

    /// <summary>A part that changed long ago is told although another part of its title changed behind the end of the page.</summary>
    [Fact]
    public void After_PageByPageWhileTitlesChange_TellsEveryPart() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3]).Array[1, 60].Select(Gen.Int[1, 4], Gen.Int[1, 5]).Sample((changes, most, every) =>
        {
            var table = new CatalogueEntryTable();
            var told = new Dictionary<string, CatalogueRowMessage>();
            long version = 0;
            var events = 0;
            void ReadPage()
            {
                var (rows, reached, more) = table.After(version, most);
                Assert.Equal(more, reached < table.Version);
                foreach (var row in rows)
                {
                    var known = told.GetValueOrDefault(row.TitleId) ?? row;
                    told[row.TitleId] = known with
                    {
                        Version = row.Version,
                        Removed = row.Removed,
                        Metadata = row.Parts.HasFlag(CatalogueParts.Metadata) ? row.Metadata : known.Metadata,
                        Live = row.Parts.HasFlag(CatalogueParts.Live) ? row.Live : known.Live,
                        Neighbours = row.Parts.HasFlag(CatalogueParts.Neighbours) ? row.Neighbours : known.Neighbours,
                        Parts = CatalogueParts.All,
                    };
                }

                version = reached;
            }

            for (var i = 0; i < changes.Length; i++)
            {
                var titleId = $"{changes[i].Item1}";
                switch (changes[i].Item2)
                {
                    case 0: table.SetMetadata(Title(titleId)); break;
                    case 1: table.SetLive(Live(titleId, ++events)); break;
                    case 2: table.SetNeighbours(new TitleNeighboursMessage(titleId, ["b"], [i], [1])); break;
                    default: table.Remove(titleId); break;
                }

                if (i % every == 0)
                {
                    ReadPage();
                }
            }

            while (version < table.Version)
            {
                ReadPage();
            }

            Assert.Equal(table.All, told.Values.OrderBy(static row => row.Version));
        });

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
