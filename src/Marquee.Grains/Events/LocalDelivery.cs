using Marquee.Contracts.Events;
using Marquee.Grains.Users;

namespace Marquee.Grains.Events;

/// <summary>Hands one commit to its viewers on this silo, each as a turn of its grain.</summary>
/// <remarks>
/// A call between grains is a request, an answer, a time-out and half a dozen tasks, which is more than an event itself costs;
/// and nearly every event's viewer is beside its partition. So those are handed over by a turn on the grain's scheduler: one
/// object for all viewers of the commit, and one for each. What cannot be taken over at once is left to a call.
/// </remarks>
/// <param name="position">What the viewers have seen with the commit.</param>
/// <param name="firstOffset">The tail's first offset.</param>
internal sealed class LocalDelivery(LogPosition position, long firstOffset)
{
    private static readonly Action<object> Run = handOver => ((HandOver)handOver).Execute();

    // Whoever awaits it goes on as a turn of the partition, never on the viewer's: it need not be told to.
    private readonly TaskCompletionSource _settled = new();
    private readonly List<HandOver> _handOvers = [];
    private int _open = 1;

    /// <summary>Queues a viewer's turn.</summary>
    /// <returns>False when too many wait for the viewer already.</returns>
    public bool TryHand(ViewerBatch batch, IGrainContext grain)
    {
        if (grain.GrainInstance is not UserGrain viewer || !viewer.TryEnter())
        {
            return false;
        }

        var handOver = new HandOver(this, batch, viewer);
        _handOvers.Add(handOver);
        Interlocked.Increment(ref _open);
        grain.Scheduler.QueueAction(Run, handOver);
        return true;
    }

    /// <summary>Says that there are no more viewers.</summary>
    /// <returns>Completes when all had their turn.</returns>
    public Task Settle()
    {
        Close();
        return _settled.Task;
    }

    /// <summary>Whether a viewer has had its turn and taken the entries over, by viewer.</summary>
    public IEnumerable<(ViewerBatch Batch, bool IsTaken)> Outcomes => _handOvers.Select(handOver => (handOver.Batch, handOver.IsTaken));

    private LogPosition Position => position;

    private long FirstOffset => firstOffset;

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _settled.TrySetResult();
        }
    }

    /// <summary>One viewer's turn.</summary>
    internal sealed class HandOver(LocalDelivery delivery, ViewerBatch batch, UserGrain viewer)
    {
        private volatile bool _isTaken;

        public ViewerBatch Batch => batch;

        public LogPosition Position => delivery.Position;

        public bool IsTaken => _isTaken;

        public void Execute()
        {
            try
            {
                _isTaken = viewer.TryApply(batch, delivery.Position, delivery.FirstOffset);
            }
            finally
            {
                viewer.Leave();
                delivery.Close();
            }
        }
    }
}
