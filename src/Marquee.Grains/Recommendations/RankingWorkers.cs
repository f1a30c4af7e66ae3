using System.Collections.Concurrent;
using Marquee.Engine.Recommendations;
using Marquee.Grains.Operations;

namespace Marquee.Grains.Recommendations;

/// <summary>The silo's places for ranking: as many at once as there are processors, each with working memory of its own.</summary>
/// <remarks>
/// A ranking runs where it was asked for, on the turn of its grain: it takes less than a millisecond for the sample, so that
/// two more changes of threads would be for nothing. Those that wait hold no thread, so that the cluster's probes never queue behind more than a few.
/// </remarks>
internal sealed class RankingWorkers(NodeMetrics metrics, TimeProvider time) : IDisposable
{
    private const int MostWaiting = 2_000;

    /// <summary>Who has waited so long is answered otherwise by now, or gone: ranking for them would keep the others waiting too.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount);
    private readonly ConcurrentBag<Scratch> _scratches = [];
    private int _waiting;

    /// <summary>Runs a ranking when a place is free.</summary>
    /// <exception cref="RankingOverloadedException">Too many wait already.</exception>
    public async Task<T> Run<T>(Func<Scratch, T> rank)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new RankingOverloadedException();
        }

        var started = time.GetTimestamp();
        if (!await _free.WaitAsync(LongestWait))
        {
            Interlocked.Decrement(ref _waiting);
            throw new RankingOverloadedException();
        }

        try
        {
            var scratch = _scratches.TryTake(out var used) ? used : new Scratch();
            try
            {
                return rank(scratch);
            }
            finally
            {
                _scratches.Add(scratch);
            }
        }
        finally
        {
            _free.Release();
            Interlocked.Decrement(ref _waiting);
            metrics.NoteSlate(time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _free.Dispose();
}

/// <summary>More rankings wait than the silo can work off soon; ask again, or take a plainer answer.</summary>
internal sealed class RankingOverloadedException() : Exception("Too many rankings wait on this silo.");
