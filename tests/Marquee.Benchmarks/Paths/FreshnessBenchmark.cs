using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Paths;

/// <summary>How long a committed event takes to reach counters, popularity and trending of the whole node, at half of the rate that was just accepted.</summary>
internal static class FreshnessBenchmark
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>Offers batches at a constant rate and listens to the node's own freshness meter.</summary>
    /// <param name="report">Takes the results.</param>
    /// <param name="batchesPerSecond">The constant rate of arrival.</param>
    /// <param name="post">Posts the batch of a number.</param>
    public static async Task Run(Report report, double batchesPerSecond, Func<long, Task> post)
    {
        var seconds = new ConcurrentBag<double>();
        var listening = false;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "marquee.freshness")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
        {
            if (Volatile.Read(ref listening))
            {
                seconds.Add(value);
            }
        });
        listener.Start();

        await Offer(batchesPerSecond, Settling, 1_000_000_000, post);
        Volatile.Write(ref listening, true);
        var clock = Stopwatch.StartNew();
        var sent = await Offer(batchesPerSecond, Duration, 2_000_000_000, post);
        var rate = sent / clock.Elapsed.TotalSeconds;
        Volatile.Write(ref listening, false);

        var sorted = seconds.Order().ToArray();
        report.Note($"Freshness: at {rate * 100:N0} events per second, half of what was accepted just before; {sorted.Length:N0} title changes.");
        report.Add(new ResultRow("acknowledged → statistics and trending at half rate, p50", At(sorted, 0.5) * 1_000, "ms"));
        report.Add(new ResultRow("acknowledged → statistics and trending at half rate, p99", At(sorted, 0.99) * 1_000, "ms") { Wanted = "1 s, better 300 ms" });
    }

    private static async Task<long> Offer(double perSecond, TimeSpan duration, long firstNumber, Func<long, Task> post)
    {
        var clock = Stopwatch.StartNew();
        var running = new List<Task>();
        long sent = 0;
        while (clock.Elapsed < duration)
        {
            for (; sent < clock.Elapsed.TotalSeconds * perSecond; sent++)
            {
                running.Add(post(firstNumber + sent));
            }

            await Task.Delay(5);
        }

        await Task.WhenAll(running);
        return sent;
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)((sorted.Length - 1) * share)];
}
