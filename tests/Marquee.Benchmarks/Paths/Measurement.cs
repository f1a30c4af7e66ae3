using Marquee.Benchmarks.Results;
using System.Diagnostics;

namespace Marquee.Benchmarks.Paths;

/// <summary>How fast something went, what it cost, and what it allocated.</summary>
/// <param name="PerSecond">Operations per second.</param>
/// <param name="CpuMicroseconds">Processor time of the whole process per operation, client included.</param>
/// <param name="AllocatedBytes">Allocated by the whole process per operation, client included.</param>
internal readonly record struct Measurement(double PerSecond, double CpuMicroseconds, double AllocatedBytes)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    /// <summary>Runs an operation from several loops at once.</summary>
    /// <param name="concurrency">Loops.</param>
    /// <param name="operation">Gets a number that no other call gets.</param>
    /// <param name="duration">How long it is measured; null: eight seconds.</param>
    public static async Task<Measurement> Of(int concurrency, Func<long, Task> operation, TimeSpan? duration = null)
    {
        long next = 0;
        await Loop(duration is { } asked ? asked / 2 : WarmUp);
        var first = Volatile.Read(ref next);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        await Loop(duration ?? Duration);
        var seconds = clock.Elapsed.TotalSeconds;
        var count = Volatile.Read(ref next) - first;
        return new Measurement(
            count / seconds,
            (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / count,
            (GC.GetTotalAllocatedBytes() - allocated) / (double)count);

        Task Loop(TimeSpan duration)
        {
            var until = Stopwatch.StartNew();
            return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
            {
                while (until.Elapsed < duration)
                {
                    await operation(Interlocked.Increment(ref next));
                }
            })));
        }
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
}
