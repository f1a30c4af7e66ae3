namespace Marquee.Cli.Load.Measuring;

/// <summary>What a call of one kind costs the nodes, measured while it was the only kind.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Calls">Calls answered with success.</param>
/// <param name="Events">Events that they carried.</param>
/// <param name="CpuMicroseconds">Processor time per call, without what the nodes use at rest.</param>
/// <param name="CpuMicrosecondsError">What the clock of that counter leaves open per call, to either side.</param>
/// <param name="AllocatedBytes">Bytes allocated per call, likewise.</param>
internal sealed record KindCost(string Kind, long Calls, long Events, double CpuMicroseconds, double CpuMicrosecondsError, long AllocatedBytes)
{
    // Linux counts a process's time in ticks of 10 ms; there are two readings of the load and two of the rest.
    private const double ReadingErrorSeconds = 0.01;

    /// <summary>The cost of each call; null when none was answered.</summary>
    /// <param name="figures">What became of the calls.</param>
    /// <param name="use">What the nodes used meanwhile.</param>
    /// <param name="idle">What they use at rest.</param>
    public static KindCost? Of(KindFigures figures, NodeUse use, NodeUse idle)
    {
        if (figures.Answered == 0)
        {
            return null;
        }

        var own = use.Less(idle);
        var error = ReadingErrorSeconds * use.Nodes * (1 + (use.Seconds / idle.Seconds));
        return new KindCost(
            figures.Kind,
            figures.Answered,
            figures.Events?.Accepted ?? 0,
            Math.Round(own.CpuSeconds * 1e6 / figures.Answered, 1),
            Math.Round(error * 1e6 / figures.Answered, 1),
            own.AllocatedBytes / figures.Answered);
    }
}
