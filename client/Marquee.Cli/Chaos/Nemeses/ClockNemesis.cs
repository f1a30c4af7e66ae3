using System.Globalization;
using Marquee.Cli.Chaos.Clusters;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>The wall clock of one silo jumps an hour forward or back, and later to the right time; needs a C compiler.</summary>
internal sealed class ClockNemesis : INemesis
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    /// <summary>Silos give a sign of life with the time every 30 s: at least one is of the wrong time.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan LongestJump = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public string Name => "clock";

    public string Needs => "a C compiler";

    public bool CanStrike(ChaosCluster cluster) => cluster.HasClocks;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
        var isForward = random.Next(2) == 0;
        try
        {
            await MoveAsync(cluster, silo, isForward ? Jump : -Jump, cancelled);
            await Nemesis.WaitAsync(Duration, cancelled);
        }
        finally
        {
            cluster.SetClock(silo, TimeSpan.Zero);
        }

        return string.Create(CultureInfo.InvariantCulture, $"silo {silo.Number}, {(isForward ? "forward" : "back")}");
    }

    /// <summary>Moves the clock, and sees in what the silo answers that it is off: else nothing would have been inflicted.</summary>
    /// <exception cref="CommandFailure">It is not.</exception>
    private static async Task MoveAsync(ChaosCluster cluster, ChaosSilo silo, TimeSpan offset, CancellationToken cancelled)
    {
        cluster.SetClock(silo, offset);
        using var http = new HttpClient { BaseAddress = silo.Url, Timeout = LongestJump };
        TimeSpan? off = null;
        for (var end = Environment.TickCount64 + (long)LongestJump.TotalMilliseconds; Environment.TickCount64 < end && !cancelled.IsCancellationRequested;)
        {
            off = await OffAsync(http);
            if (off is { } shown && (shown - offset).Duration() < Tolerance)
            {
                return;
            }

            await Nemesis.WaitAsync(Pause, cancelled);
        }

        cancelled.ThrowIfCancellationRequested();
        throw new CommandFailure(
            $"The clock of silo {silo.Number} was to be off by {offset}, and what it answers is off by {off?.ToString() ?? "nobody knows what"}.",
            "The library that moves clocks does not reach the process; see its log.");
    }

    /// <summary>By how much the time in the silo's answers is off; null when it does not answer.</summary>
    private static async Task<TimeSpan?> OffAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("health/live");
            return answer.Headers.Date - DateTimeOffset.UtcNow;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
