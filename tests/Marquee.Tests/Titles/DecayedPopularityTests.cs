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
            var popularity = default(DecayedPopularity);
            foreach (var time in times)
            {
                popularity.Add(time);
            }

            var now = times.Max();
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (0.5 * Day))), popularity.Short, 1e-9);
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (2.0 * Day))), popularity.Medium, 1e-9);
            Assert.Equal(times.Sum(time => Math.Pow(2, -(now - time) / (14.0 * Day))), popularity.Long, 1e-9);
        });

    [Fact]
    public void DecayedTo_OneHalfLife_Halves()
    {
        var popularity = default(DecayedPopularity);
        popularity.Add(10 * Day);
        Assert.Equal(0.5, popularity.DecayedTo(12 * Day).Medium, 1e-12);
        Assert.Equal(popularity, popularity.DecayedTo(9 * Day));
    }

    [Fact]
    public void DecayedTo_ThirteenYears_UnderflowsToZeroAndNotToNonsense()
    {
        var popularity = default(DecayedPopularity);
        popularity.Add(0);
        var later = popularity.DecayedTo(13 * 365 * Day);
        Assert.Equal(0, later.Short);
        Assert.InRange(later.Long, 0, 1e-90);
    }
}
