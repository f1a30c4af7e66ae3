using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Traffic;

namespace Marquee.Tests.Client.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_OfManyTimes_IsTheExactOneToAPartInAThousand()
    {
        var random = new Random(5);
        TimeSpan[] times = [.. Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMicroseconds((long)Math.Exp(random.NextDouble() * 16)))];
        var histogram = new LatencyHistogram();
        Array.ForEach(times, histogram.Add);
        Array.Sort(times);

        foreach (var share in (double[])[0.001, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = times[(int)Math.Ceiling((times.Length * share) - 1e-6) - 1].TotalMicroseconds;
            Assert.Equal(exact, histogram.Percentile(share)!.Value.TotalMicroseconds, (exact * 0.001) + 1);
        }
    }

    [Fact]
    public void Percentile_SomeHadNoAnswer_RanksThemAboveAll()
    {
        var histogram = new LatencyHistogram();
        Enumerable.Range(1, 90).ToList().ForEach(milliseconds => histogram.Add(TimeSpan.FromMilliseconds(milliseconds)));

        Assert.Equal(50, histogram.Percentile(0.5, beyond: 10)!.Value.TotalMilliseconds, 0.1);
        Assert.Equal(90, histogram.Percentile(0.9, beyond: 10)!.Value.TotalMilliseconds, 0.1);
        Assert.Null(histogram.Percentile(0.91, beyond: 10));
    }

    [Fact]
    public void Percentile_OfNothing_IsNone()
    {
        Assert.Null(new LatencyHistogram().Percentile(0.5));
        Assert.Null(new LatencyHistogram().Max);
    }

    [Fact]
    public void Add_BeyondItsRange_CountsAsItsEnd()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromHours(30));
        histogram.Add(TimeSpan.Zero);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(1, histogram.Max!.Value.TotalHours, 0.01);
    }

    [Fact]
    public void Figures_RefusalsUnderLoad_AreShedAndNotQuickAnswers()
    {
        var tally = new KindTally();
        tally.Add(new CallResult { Outcome = CallOutcome.Shed }, TimeSpan.FromMilliseconds(1), inTime: true);
        tally.Add(new CallResult { Outcome = CallOutcome.Answered }, TimeSpan.FromMilliseconds(80), inTime: true);
        tally.Add(new CallResult { Outcome = CallOutcome.Answered }, TimeSpan.FromMilliseconds(90), inTime: false);

        var figures = tally.Figures(TrafficKind.Home, TimeSpan.FromSeconds(1));

        Assert.Equal((2, 1, 1), (figures.Answered, figures.Shed, figures.AnsweredPerSecond));
        Assert.Equal(80, figures.P50Milliseconds!.Value, 0.1);
    }
}
