using System.Collections.Concurrent;
using Marquee.Engine.Recommendations;
using Marquee.Grains.Operations;

namespace Marquee.Grains.Recommendations;

/// <summary>The silo's places for ranking: a few for each processor, each with working memory of its own.</summary>
/// <remarks>
/// <para>
/// A ranking runs where it was asked for, on the turn of its grain: it takes less than a millisecond for the sample, so that
/// two more changes of threads would be for nothing. Those that wait hold no thread, so that the cluster's probes never queue behind more than a few.
/// </para>
/// <para>
/// A place that is given on is not used at once: who gets it goes to the end of the thread pool's queue first. With one place for
/// each processor, beside a stream of events that keeps that queue long, processors ranked less than they could.
/// </para>
/// </remarks>
internal sealed class RankingWorkers(NodeMetrics metrics, TimeProvider time) : IDisposable
{
    private const int PlacesPerProcessor = 4;
    private const int MostWaiting = 2_000;

    /// <summary>Who has waited so long is answered otherwise by now, or gone: ranking for them would keep the others waiting too.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(PlacesPerProcessor * Environment.ProcessorCount);
    private readonly ConcurrentBag<Scratch> _scratches = [];
    private int _waiting;

    /// <summary>Waits until a place is free; who ranks on it gives it back.</summary>
    /// <exception cref="LimitExceededException">Too many wait already.</exception>
    public async ValueTask<RankingPlace> Enter()
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw Overloaded();
        }

        var started = time.GetTimestamp();
        if (!await _free.WaitAsync(LongestWait))
        {
            Interlocked.Decrement(ref _waiting);
            throw Overloaded();
        }

        return new RankingPlace(this, _scratches.TryTake(out var used) ? used : new Scratch(), started);
    }

    /// <summary>Ask again, or take a plainer answer: more wait than the silo can work off soon.</summary>
    private static LimitExceededException Overloaded() => new("Too many rankings wait on this silo.");

    /// <summary>Frees a place.</summary>
    internal void Leave(Scratch scratch, long started)
    {
        _scratches.Add(scratch);
        _free.Release();
        Interlocked.Decrement(ref _waiting);
        metrics.NoteSlate(time.GetElapsedTime(started));
    }

    public void Dispose() => _free.Dispose();
}

/// <summary>A place for one ranking.</summary>
/// <param name="workers">Whose place it is.</param>
/// <param name="scratch">Its working memory.</param>
/// <param name="started">When it was asked for.</param>
internal readonly struct RankingPlace(RankingWorkers workers, Scratch scratch, long started) : IDisposable
{
    /// <summary>Working memory; nobody else's until the place is given back.</summary>
    public Scratch Scratch => scratch;

    /// <summary>Gives the place back; once.</summary>
    public void Dispose() => workers.Leave(scratch, started);
}
