using System.Diagnostics;

namespace Marquee.Benchmarks;

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
    public static async Task<Measurement> Of(int concurrency, Func<long, Task> operation)
    {
        long next = 0;
        await Loop(WarmUp);
        var first = Volatile.Read(ref next);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        await Loop(Duration);
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

    /// <summary>Prints a line, with the ratio to a baseline.</summary>
    public void Print(string what, Measurement? baseline = null) => Console.WriteLine(
        $"{what,-52} {PerSecond,12:N0}/s {CpuMicroseconds,10:N1} µs CPU {AllocatedBytes,10:N0} B"
        + (baseline is { } against ? $"   1/{against.PerSecond / PerSecond:0.0} of the baseline" : string.Empty));
}
