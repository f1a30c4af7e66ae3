using System.Net.Http.Headers;
using CsCheck;
using Marquee.Client;
using Marquee.Client.Http;

namespace Marquee.Tests.Client;

public sealed class BackoffTests
{
    private static readonly MarqueeClientOptions Options = new();

    [Fact]
    public void Pause_AnyNumberOfFailures_GrowsAndIsBounded() =>
        Gen.Select(Gen.Int[1, 200], Gen.Double[0, 1]).Sample((failures, jitter) =>
        {
            var pause = Backoff.Pause(failures, null, Options, jitter);
            var whole = Math.Min(0.1 * Math.Pow(2, failures - 1), 5);
            Assert.InRange(pause.TotalSeconds, (whole / 2) - 1e-6, whole + 1e-6);
        });

    [Fact]
    public void Pause_NodeAsksForOne_IsNeverShorter() =>
        Gen.Select(Gen.Int[1, 200], Gen.Double[0, 600], Gen.Double[0, 1]).Sample((failures, seconds, jitter) =>
        {
            var asked = TimeSpan.FromSeconds(seconds);
            Assert.InRange(Backoff.Pause(failures, asked, Options, jitter), asked, asked * 1.1);
        });

    [Fact]
    public void RetryAfter_Date_IsTheTimeUntilThen()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(9), Backoff.RetryAfter(new RetryConditionHeaderValue(now.AddSeconds(9)), now));
        Assert.Equal(TimeSpan.Zero, Backoff.RetryAfter(new RetryConditionHeaderValue(now.AddSeconds(-9)), now));
        Assert.Null(Backoff.RetryAfter(null, now));
    }
}
