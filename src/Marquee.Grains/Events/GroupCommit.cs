namespace Marquee.Grains.Events;

/// <summary>Gathers what waits while one flush is in flight, then flushes it together: group commit.</summary>
/// <remarks>Belongs to one activation and runs on its scheduler; there is never more than one flush in flight.</remarks>
/// <typeparam name="T">What waits.</typeparam>
/// <param name="mostWaiting">Total weight that may wait; beyond it <see cref="TryAdd"/> refuses.</param>
/// <param name="mostPerFlush">Total weight of one flush, except when a single item weighs more.</param>
/// <param name="weight">Weight of an item, usually its number of events.</param>
/// <param name="flush">Flushes items in order; must not throw.</param>
internal sealed class GroupCommit<T>(int mostWaiting, int mostPerFlush, Func<T, int> weight, Func<IReadOnlyList<T>, Task> flush)
{
    private readonly Queue<T> _waiting = new();
    private int _waitingWeight;

    /// <summary>The running loop, or a completed task.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Adds an item; false when too much waits.</summary>
    public bool TryAdd(T item)
    {
        if (_waitingWeight > 0 && _waitingWeight + weight(item) > mostWaiting)
        {
            return false;
        }

        _waiting.Enqueue(item);
        _waitingWeight += weight(item);
        if (Running.IsCompleted)
        {
            Running = FlushAll();
        }

        return true;
    }

    private async Task FlushAll()
    {
        // Lets what has already arrived at the grain join the first flush.
        await Task.Yield();
        while (_waiting.Count > 0)
        {
            await flush(Gather());
        }
    }

    private List<T> Gather()
    {
        var gathered = new List<T>();
        var total = 0;
        while (_waiting.TryPeek(out var next) && (total == 0 || total + weight(next) <= mostPerFlush))
        {
            gathered.Add(_waiting.Dequeue());
            total += weight(next);
        }

        _waitingWeight -= total;
        return gathered;
    }
}
