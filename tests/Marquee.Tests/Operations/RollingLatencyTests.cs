using Marquee.Grains.Operations;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Operations;

public class RollingLatencyTests
{
    [Fact]
    public void Summarise_OneToAThousand_IsWithinTheBinsOfTheTruth()
    {
        var latency = new RollingLatency(new FakeTimeProvider());
        foreach (var milliseconds in Enumerable.Range(1, 1000))
        {
            latency.Add(milliseconds);
        }

        var summary = latency.Summarise();
        Assert.Equal(1000, summary.Samples);
        Assert.InRange(summary.P50Milliseconds, 500, 530);
        Assert.InRange(summary.P99Milliseconds, 990, 1050);
    }

    [Fact]
    public void Summarise_AfterTwoMinutes_HasForgotten()
    {
        var time = new FakeTimeProvider();
        var latency = new RollingLatency(time);
        latency.Add(10);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, latency.Summarise().Samples);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, latency.Summarise().Samples);
    }

    [Fact]
    public void PerSecond_ASteadyStream_IsItsRate()
    {
        var time = new FakeTimeProvider();
        var rate = new RollingRate(time);
        for (var second = 0; second < 20; second++)
        {
            rate.Add(7);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7, rate.PerSecond);
    }
}
