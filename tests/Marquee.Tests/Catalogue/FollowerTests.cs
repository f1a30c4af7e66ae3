using Marquee.Grains;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Catalogue;

/// <summary>A grain whose silo stops ends the polls that wait at once, and for as long as the silo takes to stop.</summary>
public sealed class FollowerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Poll_EndsWithoutNews_IsNotMadeAgainWithoutPause()
    {
        using var follower = new Counting(_time, news: 2);
        await follower.StartAsync(TestContext.Current.CancellationToken);
        await follower.HasPolled(3);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Assert.Equal(3, follower.Polls);

        // The follower may begin its pause a moment after its poll.
        for (var tries = 0; follower.Polls < 4 && tries < 1_000; tries++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }

        Assert.True(follower.Polls >= 4);
        await follower.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Has news in its first polls, none later; no poll waits.</summary>
    private sealed class Counting(TimeProvider time, int news) : Follower(time, NullLogger.Instance)
    {
        private readonly SemaphoreSlim _polled = new(0);
        private int _seen;

        public int Polls { get; private set; }

        protected override long Reached => Math.Min(Polls, news);

        public async Task HasPolled(int times)
        {
            for (; _seen < times; _seen++)
            {
                Assert.True(await _polled.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            }
        }

        public override void Dispose()
        {
            _polled.Dispose();
            base.Dispose();
        }

        protected override Task PollOnce(CancellationToken stoppingToken)
        {
            Polls++;
            _polled.Release();
            return Task.CompletedTask;
        }

        protected override string WhenUnanswered() => throw new NotSupportedException();
    }
}
