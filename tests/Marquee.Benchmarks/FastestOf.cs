namespace Marquee.Benchmarks;

/// <summary>What one thread takes for something in processor time, collecting its garbage included: of several rounds the fastest, since what else runs on the machine only makes rounds slower.</summary>
internal static class FastestOf
{
    /// <summary>Microseconds of one call.</summary>
    /// <param name="rounds">How many rounds; one more before them warms up.</param>
    /// <param name="calls">Calls of a round.</param>
    /// <param name="call">Gets the number of the call within its round.</param>
    public static double Rounds(int rounds, int calls, Action<int> call)
    {
        var fastest = double.PositiveInfinity;
        for (var round = 0; round <= rounds; round++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < calls; i++)
            {
                call(i);
            }

            fastest = round == 0 ? fastest : Math.Min(fastest, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls);
        }

        return fastest;
    }

    /// <summary>The bytes of the heap after everything that is not referred to was collected.</summary>
    public static long HeapBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
