using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Marquee.Cli.Import;
using Marquee.Cli.Replay;
using Marquee.Client;
using Marquee.Client.Events;
using Marquee.Tests.Client.Import;

namespace Marquee.Tests.Client.Replay;

public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeNode _node = new();
    private readonly ImportTally _tally = new();
    private readonly ArmedTime _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("60x", 60.0)]
    [InlineData("60", 60.0)]
    [InlineData("0.5X", 0.5)]
    [InlineData("max", double.PositiveInfinity)]
    [InlineData("Max", double.PositiveInfinity)]
    public void TryParse_Speed_IsTheFactor(string text, double factor)
    {
        Assert.True(ReplaySpeed.TryParse(text, out var speed));
        Assert.Equal(factor, speed.Factor);
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("-1x")]
    [InlineData("fast")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("1e400")]
    public void TryParse_NotASpeed_IsRefused(string text) => Assert.False(ReplaySpeed.TryParse(text, out _));

    [Fact]
    public void Until_AnyGap_IsTheGapDividedByTheSpeed() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 100_000], Gen.Int[0, 1000]).Sample((gap, speed, passed) =>
        {
            var time = new ArmedTime();
            var clock = new ReplayClock(new ReplaySpeed(speed), time);
            Assert.Equal(TimeSpan.Zero, clock.Until(DateTimeOffset.UnixEpoch));
            time.Advance(TimeSpan.FromSeconds(passed));

            var until = clock.Until(DateTimeOffset.UnixEpoch.AddSeconds(gap));
            Assert.Equal(((double)gap / speed) - passed, until.TotalSeconds, 1e-6);
        });

    [Fact]
    public void Until_AgesAtASnailsPace_DoesNotOverflow()
    {
        var clock = new ReplayClock(new ReplaySpeed(1e-6), _time);
        clock.Until(DateTimeOffset.MinValue);

        Assert.True(clock.Until(DateTimeOffset.MaxValue) > TimeSpan.FromDays(1000 * 365));
    }

    [Fact]
    public async Task Run_PacedStream_SendsNoEventBeforeItIsDue()
    {
        var calls = new List<(TimeSpan At, int Events)>();
        _node.OnCall = _ => calls.Add((_time.GetUtcNow() - ArmedTime.Beginning, _node.Bodies[^1].Count(c => c == '\n')));
        var path = WriteEvents(0, 0, 600, 1200, 1200, 1200);

        var replayer = Replayer(new ReplaySpeed(60));
        var running = replayer.RunAsync(new NdjsonFile(path), EventsOnly, endNow: false, Cancelled, Cancelled);
        var passed = await _time.PassUntilAsync(running);

        Assert.True(await running);
        Assert.Equal([2, 1, 3], calls.Select(call => call.Events));
        Assert.True(calls[1].At >= TimeSpan.FromSeconds(10));
        Assert.True(calls[2].At >= TimeSpan.FromSeconds(20));
        Assert.InRange(passed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.1));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1200), replayer.Progress.StreamTime);
    }

    [Fact]
    public async Task Run_NodeIsSlow_LagTellsIt()
    {
        _node.Troubles.Enqueue(Trouble.Status(System.Net.HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(5)));

        var replayer = Replayer(new ReplaySpeed(1));
        var running = replayer.RunAsync(new NdjsonFile(WriteEvents(0)), EventsOnly, endNow: false, Cancelled, Cancelled);
        await _time.PassUntilAsync(running);

        await running;
        Assert.InRange(replayer.Progress.LagMax, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.6));
        Assert.Equal(1, _tally.Retries);
    }

    [Fact]
    public async Task Run_ShiftedToNow_EndsNowWithNewIds()
    {
        var path = WriteEvents(0, 600, 3600);
        await Replayer(ReplaySpeed.Max).RunAsync(new NdjsonFile(path), EventsOnly, endNow: false, Cancelled, Cancelled);

        await Replayer(ReplaySpeed.Max).RunAsync(new NdjsonFile(path), EventsOnly, endNow: true, Cancelled, Cancelled);

        Assert.Equal(
            [ArmedTime.Beginning.AddSeconds(-3600), ArmedTime.Beginning.AddSeconds(-3000), ArmedTime.Beginning],
            _node.Events[3..].Select(item => DateTimeOffset.Parse((string)item["occurredAt"]!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(_node.Events[3..], item => Assert.Matches("^[A-Za-z0-9._~-]{1,128}$", (string?)item["eventId"]));
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_PipePauses_SendsWhatWasRead()
    {
        var pipe = new Pipe();
        var calls = new List<int>();
        _node.OnCall = number =>
        {
            calls.Add(_node.Bodies[^1].Count(c => c == '\n'));
            if (number == 1)
            {
                Write(pipe.Writer, Lines(0));
                pipe.Writer.Complete();
            }
        };
        Write(pipe.Writer, Lines(0, 0) + "\n");

        var running = Replayer(ReplaySpeed.Max).RunAsync(new NdjsonStream(pipe.Reader.AsStream()), EventsOnly, endNow: false, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        await _time.PassUntilAsync(running);

        Assert.True(await running);
        Assert.Equal([2, 1], calls);
    }

    [Fact]
    public void Apply_NoTime_ChangesNothing()
    {
        var engagement = new EngagementEvent { EventId = "e", UserId = "u", TitleId = "t", Type = EngagementType.Play };

        Assert.Same(engagement, new TimeShift(TimeSpan.FromDays(1)).Apply(engagement));
    }

    private static ImportSelection EventsOnly => new(false, true);

    private static void Write(PipeWriter writer, string text)
    {
        writer.Write(Encoding.UTF8.GetBytes(text));
        Assert.True(writer.FlushAsync(Cancelled).IsCompleted);
    }

    private string WriteEvents(params int[] seconds) => _folder.Write("events.ndjson", Lines(seconds));

    private static string Lines(params int[] seconds) => string.Join('\n', seconds.Select((second, i) =>
        $$"""{"eventId":"e{{i}}","userId":"u1","titleId":"t","type":"play","occurredAt":"{{DateTimeOffset.UnixEpoch.AddSeconds(second):O}}"}"""));

    private Replayer Replayer(ReplaySpeed speed)
    {
        var client = new MarqueeClient(_node.CreateHttpClient(), new MarqueeClientOptions { TimeProvider = _time, AttemptTimeout = Timeout.InfiniteTimeSpan, OnRetry = _tally.Retry });
        return new Replayer(client, new ReplayClock(speed, _time), batch: 100, concurrency: 2, _tally, _time);
    }
}
