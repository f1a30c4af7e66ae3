using Marquee.Cli.Load.Traffic;

namespace Marquee.Tests.Client.Load;

public sealed class TrafficPlanTests
{
    [Fact]
    public void Parse_TotalAndMix_DividesTheTotal()
    {
        var plan = TrafficPlan.Parse("120", "recommend=3, home=1, batch=0", out var error);

        Assert.Null(error);
        Assert.Equal([TrafficKind.Recommend, TrafficKind.Home], plan!.Kinds);
        Assert.Equal((90, 30), (plan.RateOf(TrafficKind.Recommend), plan.RateOf(TrafficKind.Home)));
    }

    [Fact]
    public void Parse_RateOfEachKind_TakesThemAsTheyAre()
    {
        var plan = TrafficPlan.Parse("batch=2.5,trending=7", "recommend=1", out _);

        Assert.Equal((2.5, 7, 0), (plan!.RateOf(TrafficKind.Batch), plan.RateOf(TrafficKind.Trending), plan.RateOf(TrafficKind.Recommend)));
        Assert.Equal(9.5, plan.PerSecond);
    }

    [Theory]
    [InlineData("0", "home=1", "calls per second")]
    [InlineData("-5", "home=1", "calls per second")]
    [InlineData("fast", "home=1", "calls per second")]
    [InlineData("10", "holiday=1", "'holiday' is no kind of call")]
    [InlineData("10", "home", "home takes a number")]
    [InlineData("10", "home=-1", "home takes a number")]
    [InlineData("10", "home=1,home=2", "more than once")]
    [InlineData("10", "home=0", "no call above 0")]
    [InlineData("10", "", "no call above 0")]
    [InlineData("home=2000000", "home=1", "at most 1000000")]
    public void Parse_Wrong_SaysWhat(string rate, string mix, string expected)
    {
        Assert.Null(TrafficPlan.Parse(rate, mix, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    /// <summary>After two hours there have been as many as the rate says: the pace does not drift.</summary>
    [Fact]
    public void Schedule_OfTwoKinds_KeepsThePaceOfEach()
    {
        var schedule = new ArrivalSchedule(TrafficPlan.Parse("recommend=30,batch=7", "", out _)!);
        Arrival[] arrivals = [.. Enumerable.Range(0, 37 * 7_200).Select(_ => schedule.Next())];

        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First.Number + 1 == pair.Second.Number && pair.First.Due <= pair.Second.Due));
        Assert.Equal(30 * 7_200, arrivals.Count(arrival => arrival.Kind == TrafficKind.Recommend));
        Assert.InRange(arrivals[^1].Due, TimeSpan.FromSeconds(7_200 - (1 / 7.0)), TimeSpan.FromSeconds(7_200));
        TimeSpan[] batches = [.. arrivals.Where(arrival => arrival.Kind == TrafficKind.Batch).Select(arrival => arrival.Due)];
        Assert.True(batches.Zip(batches.Skip(1)).All(pair => Math.Abs((pair.Second - pair.First).TotalSeconds - (1 / 7.0)) < 1e-6));
    }
}
