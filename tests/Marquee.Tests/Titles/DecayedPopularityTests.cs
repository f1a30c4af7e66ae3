using CsCheck;
using Marquee.Engine.Titles;

namespace Marquee.Tests.Titles;

public class DecayedPopularityTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Add_EventsInAnyOrder_IsTheSumOfHalvings() =>
        Gen.Long[0, 60 * Day].Array[1, 50].Sample(times =>
        {
            var popularity = Of(times);
            var now = times.Max();
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (0.5 * Day))), popularity.Short, 1e-9);
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (2.0 * Day))), popularity.Medium, 1e-9);
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (14.0 * Day))), popularity.Long, 1e-9);
        });

    /// <remarks>Days apart, and years: some of the sets are landmarks behind.</remarks>
    [Fact]
    public void Sum_AnySets_IsAddingThemOneAfterTheOther() =>
        Gen.OneOf(Gen.Long[-3 * Day, 60 * Day], Gen.Long[0, 400 * Day]).Array[0, 6].Array[0, 12].Sample(sets =>
        {
            var parts = Array.ConvertAll(sets, Of);
            Assert.Equal(parts.Aggregate(default(DecayedPopularity), (sum, part) => sum + part), DecayedPopularity.Sum(parts));
        });

    [Fact]
    public void CopyTo_OneHalfLifeLater_Halves()
    {
        var popularity = default(DecayedPopularity);
        popularity.Add(10 * Day);
        Assert.Equal(0.5, At(popularity, 12 * Day)[1], 1e-12);
        Assert.Equal(1, At(popularity, 9 * Day)[1], 1e-12);
    }

    [Fact]
    public void CopyTo_ThirteenYearsLater_UnderflowsToZeroAndNotToNonsense()
    {
        var popularity = default(DecayedPopularity);
        popularity.Add(0);
        var later = At(popularity, 13 * 365 * Day);
        Assert.Equal(0, later[0]);
        Assert.InRange(later[2], 0, 1e-90);
    }

    [Fact]
    public void Add_AcrossManyLandmarks_IsStillTheSumOfHalvings() =>
        Gen.Long[0, 20_000 * Day].Array[1, 40].Sample(times =>
        {
            var popularity = Of(times);
            var now = times.Max();
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (0.5 * Day))), popularity.Short, 1e-9);
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (730.0 * Day))), At(popularity, now)[4], 1e-9);
        });

    [Fact]
    public void Sum_OfTwoParts_IsThatOfAllAndWithoutOneIsTheOther() =>
        Gen.Select(Gen.Long[0, 900 * Day].Array[1, 20], Gen.Long[0, 900 * Day].Array[1, 20]).Sample((left, right) =>
        {
            var (a, b, all) = (Of(left), Of(right), Of([.. left, .. right]));
            var now = 1_000 * Day;
            foreach (var (expected, sum) in At(all, now).Zip(At(a + b, now)))
            {
                Assert.Equal(expected, sum, 1e-9 * Math.Max(1, expected));
            }

            foreach (var (expected, rest) in At(a, now).Zip(At((a + b).Without(b), now)))
            {
                Assert.Equal(expected, rest, 1e-9 * left.Length * right.Length);
            }
        });

    private static DecayedPopularity Of(long[] times)
    {
        var popularity = default(DecayedPopularity);
        foreach (var time in times)
        {
            popularity.Add(time);
        }

        return popularity;
    }

    private static double[] At(in DecayedPopularity popularity, long now)
    {
        var sums = new double[DecayedPopularity.HalfLives];
        popularity.CopyTo(now, sums);
        return sums;
    }
}
