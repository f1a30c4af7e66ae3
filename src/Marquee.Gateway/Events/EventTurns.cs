using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Events;

/// <summary>Lets so many events be in work at once as keep the processors busy; the others wait outside, in the order in which they came.</summary>
/// <remarks>
/// A batch falls into hundreds of pieces of work for the thread pool, which takes them in the order in which they come, and
/// recommendations queue behind all of them: with few batches in work a recommendation waits for few, however many wait here.
/// The turn is for the processor's sake, so that a batch that waits for something else, a slow store or a node that does not
/// answer, loses it after <see cref="LongestTurn"/>.
/// </remarks>
internal sealed class EventTurns(IOptions<GatewayOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>So long a batch keeps its turn at most. What is only worked on takes some milliseconds.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(100);

    private readonly int _most = options.Value.EventsInWorkMax;
    private readonly Lock _lock = new();
    private readonly Queue<Turn> _running = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _inWork;
    private ITimer? _timer;
    private bool _isTimed;

    /// <summary>Waits for a turn; who has it gives it back. Many may wait: bound them before.</summary>
    /// <param name="events">How many events it is for.</param>
    public ValueTask<Turn> EnterAsync(int events)
    {
        var weight = Math.Min(events, _most);
        lock (_lock)
        {
            if (_waiting.Count == 0 && _inWork + weight <= _most)
            {
                return new ValueTask<Turn>(Begin(weight));
            }

            var waiting = new Waiting(weight);
            _waiting.Enqueue(waiting);
            WatchForTurnsThatLast();
            return new ValueTask<Turn>(waiting.Turn.Task);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private Turn Begin(int weight)
    {
        while (_running.TryPeek(out var oldest) && oldest.IsOver)
        {
            _running.Dequeue();
        }

        var turn = new Turn(this, weight, time.GetTimestamp());
        _inWork += weight;
        _running.Enqueue(turn);
        return turn;
    }

    private void End(Turn turn)
    {
        lock (_lock)
        {
            EndLocked(turn);
            LetIn();
        }
    }

    private void EndLocked(Turn turn)
    {
        if (!turn.IsOver)
        {
            turn.IsOver = true;
            _inWork -= turn.Weight;
        }
    }

    private void LetIn()
    {
        while (_waiting.TryPeek(out var next) && _inWork + next.Weight <= _most)
        {
            _waiting.Dequeue();
            next.Turn.SetResult(Begin(next.Weight));
        }
    }

    private void WatchForTurnsThatLast()
    {
        if (!_isTimed)
        {
            _isTimed = true;
            _timer ??= time.CreateTimer(static turns => ((EventTurns)turns!).EndWhatLasts(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(LongestTurn / 2, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndWhatLasts()
    {
        lock (_lock)
        {
            _isTimed = false;
            while (_running.TryPeek(out var oldest) && (oldest.IsOver || time.GetElapsedTime(oldest.BegunAt) >= LongestTurn))
            {
                EndLocked(_running.Dequeue());
            }

            LetIn();
            if (_waiting.Count > 0)
            {
                WatchForTurnsThatLast();
            }
        }
    }

    /// <summary>A batch's turn.</summary>
    internal sealed class Turn(EventTurns turns, int weight, long begunAt) : IDisposable
    {
        /// <summary>How many events it counts for.</summary>
        public int Weight => weight;

        /// <summary>When it began.</summary>
        public long BegunAt => begunAt;

        /// <summary>Given back, or taken away. Kept by the turns.</summary>
        public bool IsOver { get; set; }

        /// <summary>Gives it back.</summary>
        public void Dispose() => turns.End(this);
    }

    private sealed class Waiting(int weight)
    {
        public int Weight => weight;

        public TaskCompletionSource<Turn> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
