using Marquee.Cli.Load.Measuring;

namespace Marquee.Tests.Client.Load;

public sealed class MaximalRateTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(4_000)]
    public async Task FindAsync_ServerWithACapacity_ComesWithinATenth(double first)
    {
        var search = Search(rate => Figures(Math.Min(rate, 1_234), p99: 5));

        Assert.True(await search.FindAsync(first, 1_000_000));

        // 95 % of what is offered is enough.
        Assert.InRange(search.Best!.Value, 1_234 / 1.1, 1_234 / 0.95);
    }

    [Fact]
    public async Task FindAsync_LatencyIsTheLimit_KeepsTheBound()
    {
        var search = Search(rate => Figures(rate, p99: rate / 10));

        await search.FindAsync(50, 1_000_000);

        Assert.InRange(search.Best!.Value, 900, 1_000);
        Assert.Contains(search.Steps, step => step.Why == "p99 over the bound");
    }

    [Fact]
    public async Task FindAsync_TheMachinePausesOnce_OffersThatRateAgain()
    {
        var steps = 0;
        var search = Search(rate => Figures(Math.Min(rate, 1_234), p99: steps++ == 1 ? 500 : 5));

        await search.FindAsync(100, 1_000_000);

        Assert.InRange(search.Best!.Value, 1_234 / 1.1, 1_234 / 0.95);
    }

    [Fact]
    public async Task FindAsync_NothingHolds_HasNoRate()
    {
        var search = Search(_ => Figures(0, p99: null));

        await search.FindAsync(100, 1_000_000);

        Assert.Null(search.Best);
        Assert.Equal(1, search.Steps[^1].OfferedPerSecond);
    }

    [Fact]
    public async Task FindAsync_CallsAreLost_DoesNotHold()
    {
        var search = Search(rate => Figures(rate, p99: 1) with { Lost = rate > 300 ? 1 : 0 });

        await search.FindAsync(100, 1_000_000);

        Assert.InRange(search.Best!.Value, 300 / 1.1, 300);
    }

    [Fact]
    public async Task FindAsync_EverythingHolds_StopsAtTheLargest()
    {
        var search = Search(rate => Figures(rate, p99: 1));

        await search.FindAsync(100, 5_000);

        Assert.Equal(5_000, search.Best);
    }

    [Fact]
    public async Task FindAsync_WorkPilesUp_GoesDownToWhatHoldsForLong()
    {
        var search = new MaximalRate(
            (rate, length) => Task.FromResult<KindFigures?>(Figures(Math.Min(rate, length == MaximalRate.LongStep ? 1_000 : 1_234), p99: 5)),
            TimeSpan.FromMilliseconds(100));

        await search.FindAsync(100, 1_000_000);

        Assert.InRange(search.Best!.Value, 1_000 / 1.05, 1_000 / 0.95);
    }

    [Fact]
    public async Task FindAsync_InterruptedBeforeARateHeldForLong_HasNone()
    {
        var search = new MaximalRate(
            (rate, length) => Task.FromResult(length == MaximalRate.LongStep ? null : Figures(Math.Min(rate, 1_234), p99: 5)),
            TimeSpan.FromMilliseconds(100));

        Assert.False(await search.FindAsync(100, 1_000_000));

        Assert.Null(search.Best);
        Assert.NotEmpty(search.Steps);
    }

    private static MaximalRate Search(Func<double, KindFigures> server) =>
        new((rate, _) => Task.FromResult<KindFigures?>(server(rate)), TimeSpan.FromMilliseconds(100));

    private static KindFigures Figures(double perSecond, double? p99) => new()
    {
        Kind = "home",
        Due = 1,
        Answered = 1,
        Shed = 0,
        Refused = 0,
        Lost = 0,
        NotSent = 0,
        Degraded = 0,
        AnsweredPerSecond = perSecond,
        P99Milliseconds = p99,
    };
}
