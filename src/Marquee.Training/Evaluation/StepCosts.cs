using System.Diagnostics;

namespace Marquee.Training.Evaluation;

/// <summary>What one step of the engine costs on one core, in microseconds; medians, which do not mind that other work takes the core away now and then.</summary>
/// <param name="Ranking">One ranking: scan of the whole catalogue, filter, ranking, re-ranking, explanation.</param>
/// <param name="Learning">The ranker's learning from one positive after its ranking.</param>
/// <param name="State">Bringing one positive into everything live: the fold, the viewer's taste, the catalogue's rows and their neighbours.</param>
public sealed record StepCosts(double Ranking, double Learning, double State);

/// <summary>Durations of one kind of step.</summary>
internal sealed class StepTimer
{
    private readonly List<long> _ticks = [];

    /// <summary>The median in microseconds; 0 without any.</summary>
    public double Median
    {
        get
        {
            long[] ordered = [.. _ticks.Order()];
            return ordered.Length == 0 ? 0 : ordered[ordered.Length / 2] * 1e6 / Stopwatch.Frequency;
        }
    }

    /// <summary>Counts the time since a timestamp of <see cref="Stopwatch"/>.</summary>
    public void AddSince(long timestamp) => _ticks.Add(Stopwatch.GetTimestamp() - timestamp);
}
