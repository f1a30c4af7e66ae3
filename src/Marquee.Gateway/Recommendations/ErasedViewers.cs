using Marquee.Contracts.Events;

namespace Marquee.Gateway.Recommendations;

/// <summary>Viewers that were erased a while ago, with how far an answer has to reach to be from after it. Thread-safe.</summary>
/// <remarks>
/// An answer of before may still be on its way when the erasure is told, so that to drop what is kept would not do: whoever is
/// here is asked about, when an answer is kept and when it is found. Nobody needs to be here for longer than an answer is kept.
/// There is a bound: beyond it every answer counts as older, until those who were erased by then are no longer of interest.
/// </remarks>
/// <param name="most">How many viewers at most.</param>
/// <param name="age">How long they stay: longer than an answer is on its way and kept.</param>
/// <param name="time">The clock that does not jump.</param>
internal sealed class ErasedViewers(int most, TimeSpan age, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Erasure> _erasures = new(StringComparer.Ordinal);
    private readonly Queue<(string UserId, long At)> _oldestFirst = new();
    private long? _overflowedAt;

    /// <summary>Takes note of an erasure.</summary>
    public void Add(string userId, LogPosition erasure)
    {
        lock (_lock)
        {
            LetGo();
            var now = time.GetTimestamp();
            if (_oldestFirst.Count >= most)
            {
                _overflowedAt = now;
                return;
            }

            var isKnown = _erasures.TryGetValue(userId, out var before) && before.Position.Offset >= erasure.Offset;
            _erasures[userId] = new Erasure(isKnown ? before.Position : erasure, now);
            _oldestFirst.Enqueue((userId, now));
        }
    }

    /// <summary>The newest erasure of a viewer that is known of; null when none is.</summary>
    public LogPosition? Find(string userId)
    {
        lock (_lock)
        {
            if (_erasures.Count == 0)
            {
                return null;
            }

            LetGo();
            return _erasures.TryGetValue(userId, out var erasure) ? erasure.Position : null;
        }
    }

    /// <summary>Whether an answer to a viewer that was given some time ago may be from before its erasure.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="covered">What the answer covers; null when nothing of the viewer was known.</param>
    public bool Precedes(string userId, LogPosition? covered)
    {
        lock (_lock)
        {
            if (_overflowedAt is not null)
            {
                LetGo();
            }

            return _overflowedAt is not null || IsBefore(Find(userId), covered);
        }
    }

    /// <summary>Whether an answer that covers so much may be from before an erasure.</summary>
    public static bool IsBefore(LogPosition? erasure, LogPosition? covered) =>
        erasure is { } erased && (covered is not { } position || position.Offset < erased.Offset);

    private void LetGo()
    {
        if (_overflowedAt is { } overflowedAt && time.GetElapsedTime(overflowedAt) >= age)
        {
            _overflowedAt = null;
        }

        while (_oldestFirst.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= age)
        {
            _oldestFirst.Dequeue();

            // Erased once more since then, it stays.
            if (_erasures.TryGetValue(oldest.UserId, out var erasure) && erasure.At == oldest.At)
            {
                _erasures.Remove(oldest.UserId);
            }
        }
    }

    private readonly record struct Erasure(LogPosition Position, long At);
}
