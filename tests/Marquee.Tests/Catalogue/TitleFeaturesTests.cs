using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;

namespace Marquee.Tests.Catalogue;

public sealed class TitleFeaturesTests
{
    private const long Now = 1_400_000_000_000;
    private const long Day = 86_400_000;

    [Fact]
    public void ComputeBlock_RandomTitles_EqualsOneByOne()
    {
        var random = new Random(1);
        var table = new TitleTable();
        var titles = Enumerable.Range(0, CatalogueBlock.Rows).Select(i => i % 7 == 3 ? null : Title($"t{i}", random, table)).ToArray();
        var totals = default(PopularityTotals);
        foreach (var title in titles)
        {
            totals = title is null ? totals : totals.Exchange(null, title.Statistics);
        }

        totals = totals.At(Now);
        var columns = new float[TitleFeatures.Count * titles.Length];
        TitleFeatures.ComputeBlock(titles, totals, Now, columns);

        Assert.All(columns, value => Assert.True(float.IsFinite(value)));
        var one = new float[TitleFeatures.Count];
        for (var row = 0; row < titles.Length; row++)
        {
            if (titles[row] is { } title)
            {
                TitleFeatures.Compute(title, totals, Now, one);
                for (var feature = 0; feature < one.Length; feature++)
                {
                    Assert.Equal(one[feature], columns[(feature * titles.Length) + row], 2e-3f);
                }
            }
        }
    }

    [Fact]
    public void Shares_OneEventAfterThirteenYears_DoesNotWipeOutPopularity()
    {
        var past = Now - (13 * 365 * Day);
        var hit = Summary(5000, past);
        var dud = Summary(5, past);
        var clicked = Summary(1, Now);
        var totals = default(PopularityTotals).Exchange(null, hit).Exchange(null, dud).Exchange(null, clicked).At(Now);
        var shares = new double[DecayedPopularity.HalfLives + 1];

        totals.Shares(hit.Popularity, hit.Positives, shares);
        var hitShare = shares[0];
        totals.Shares(dud.Popularity, dud.Positives, shares);
        var dudShare = shares[0];
        totals.Shares(clicked.Popularity, clicked.Positives, shares);

        Assert.True(hitShare > 100 * dudShare);
        Assert.True(hitShare > shares[0], "the hit of all times stays above a single click");
        Assert.True(shares[0] > dudShare);
    }

    private static TitleEntry Title(string id, Random random, TitleTable table)
    {
        var metadata = new TitleMetadata { TitleId = id, Name = id, ReleaseYear = random.Next(3) == 0 ? null : random.Next(1950, 2015) };
        var statistics = random.Next(4) == 0 ? TitleSummary.Empty : Summary(random.Next(1, 200), Now - (long)(random.NextDouble() * 100 * Day));
        return new TitleEntry(new CatalogueRow(id, metadata, statistics, TitleNeighbours.None), null, table);
    }

    private static TitleSummary Summary(int positives, long at)
    {
        var popularity = default(DecayedPopularity);
        for (var i = 0; i < positives; i++)
        {
            popularity.Add(at - (positives - i) * 1000L);
        }

        return new TitleSummary { Positives = positives, Verdicts = positives + 3, Popularity = popularity, FirstEventAt = at - (positives * 1000L), LastEventAt = at };
    }
}
