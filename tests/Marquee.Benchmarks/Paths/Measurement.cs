using System.Diagnostics;
using System.Net;
using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Paths;

/// <summary>How fast something went, what it cost, and what it allocated.</summary>
/// <param name="PerSecond">Operations per second.</param>
/// <param name="CpuMicroseconds">Processor time of the whole process per operation, client included.</param>
/// <param name="AllocatedBytes">Allocated by the whole process per operation, client included.</param>
internal readonly record struct Measurement(double PerSecond, double CpuMicroseconds, double AllocatedBytes)
{
    /// <summary>A share of refused calls beyond which nothing was measured.</summary>
    private const double MostRefused = 0.05;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    /// <summary>Runs an operation from several loops at once.</summary>
    /// <param name="concurrency">Loops.</param>
    /// <param name="operation">Gets a number that no other call gets.</param>
    /// <param name="duration">How long it is measured; null: eight seconds.</param>
    public static async Task<Measurement> Of(int concurrency, Func<long, Task> operation, TimeSpan? duration = null)
    {
        long next = 0, refused = 0;
        await Loop(duration is { } asked ? asked / 2 : WarmUp);
        var first = Volatile.Read(ref next);
        var began = Reading.Now();
        refused = 0;
        await Loop(duration ?? Duration);
        var count = Volatile.Read(ref next) - first - refused;
        if (refused > MostRefused * count)
        {
            throw new InvalidOperationException($"{refused:N0} calls were refused beside {count:N0} that were answered: the machine has no time for this now.");
        }

        return began.Since(count);

        Task Loop(TimeSpan duration)
        {
            var until = Stopwatch.StartNew();
            return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
            {
                while (until.Elapsed < duration)
                {
                    try
                    {
                        await operation(Interlocked.Increment(ref next));
                    }
                    catch (Exception exception) when (exception is LimitExceededException or HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests })
                    {
                        // A busy machine: the node sheds what waited too long.
                        Interlocked.Increment(ref refused);
                    }
                }
            })));
        }
    }

    /// <summary>Runs an operation once for each number from 0 on, several at once.</summary>
    public static async Task<Measurement> OfAll(int count, int concurrency, Func<int, Task> operation)
    {
        var began = Reading.Now();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (i, _) => await operation(i));
        return began.Since(count);
    }

    /// <summary>The row of a report.</summary>
    public ResultRow Row(string what, string? baseline = null, Measurement? against = null, string? wanted = null) => new(what, PerSecond, "/s")
    {
        Baseline = baseline,
        BaselineValue = against?.PerSecond,
        CpuMicroseconds = CpuMicroseconds,
        AllocatedBytes = AllocatedBytes,
        Wanted = wanted,
    };

    /// <summary>What the process had used at a moment.</summary>
    private readonly record struct Reading(long Timestamp, TimeSpan Cpu, long Allocated)
    {
        public static Reading Now() => new(Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());

        public Measurement Since(long count)
        {
            var now = Now();
            return new Measurement(
                count / Stopwatch.GetElapsedTime(Timestamp, now.Timestamp).TotalSeconds,
                (now.Cpu - Cpu).TotalMicroseconds / count,
                (now.Allocated - Allocated) / (double)count);
        }
    }
}
