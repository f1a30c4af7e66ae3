using System.Runtime.InteropServices;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Events;

/// <summary>The pure fold of one tenant's events in one partition: title accumulators, and the few positives of each viewer that they need.</summary>
/// <remarks>Same entries in the same order, same state, bit for bit. Knows no clock: time is the events' own.</remarks>
public sealed class EngagementFold
{
    /// <summary>How many of a viewer's newest positives a new one is linked to by transitions.</summary>
    public const int TransitionReach = 5;

    /// <summary>How many of a viewer's newest positives are remembered, and linked to by co-watches.</summary>
    public const int CoWatchReach = 20;

    private const double TransitionDecay = 0.7;

    private static readonly int[] TransitionWeights = [.. Enumerable.Range(0, TransitionReach)
        .Select(k => (int)Math.Round(Neighbour.Unit * Math.Pow(TransitionDecay, k)))];

    private readonly int _neighbourCapacity;
    private readonly Dictionary<string, int[]> _recentPositives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<TitleAccumulator> _titles = [];
    private readonly Func<int, string> _titleOf;
    private HashSet<int> _changed = [];
    private readonly HashSet<int> _neighboursChanged = [];
    private readonly Queue<int> _neighboursChangedInOrder = new();

    /// <summary>Creates an empty fold.</summary>
    /// <param name="neighbourCapacity">How many neighbours each title keeps here.</param>
    public EngagementFold(int neighbourCapacity)
    {
        _neighbourCapacity = neighbourCapacity;
        _titleOf = number => _titles[number].TitleId;
    }

    /// <summary>The largest event time seen, milliseconds since the Unix epoch; 0 before the first event.</summary>
    public long StreamTime { get; private set; }

    /// <summary>How many titles have had an event here.</summary>
    public int TitleCount => _titles.Count;

    /// <summary>How many viewers have recent positives here.</summary>
    public int ViewerCount => _recentPositives.Count;

    /// <summary>Whether titles changed that have not been taken.</summary>
    public bool HasChangedTitles => _changed.Count > 0 || _neighboursChanged.Count > 0;

    /// <summary>How many titles changed in more than their neighbours and have not been taken.</summary>
    public int CountOfChangedTitles => _changed.Count;

    /// <summary>Folds one event in.</summary>
    public void Apply(EngagementEvent engagement, long offset)
    {
        StreamTime = Math.Max(StreamTime, engagement.OccurredAt);
        var number = NumberOf(engagement.TitleId);
        var isNewPositive = false;
        if (Feedback.KindOf(engagement) == FeedbackKind.Positive)
        {
            isNewPositive = Link(engagement.UserId, number, offset);
        }

        _titles[number].Count(engagement, isNewPositive, offset);
        _changed.Add(number);
    }

    /// <summary>Forgets a viewer. Sums over many viewers keep what they had: they name nobody.</summary>
    public void Erase(string userId) => _recentPositives.Remove(userId);

    /// <summary>The titles that changed since the last call.</summary>
    /// <param name="mostWithNeighboursOnly">
    /// How many of those whose neighbours alone changed: one event changes the neighbours of every title that its viewer
    /// liked lately, twenty times as many as events; the longest waiting are taken first and the others keep waiting.
    /// </param>
    public IReadOnlyList<TitleAccumulator> TakeChangedTitles(int mostWithNeighboursOnly = int.MaxValue)
    {
        var taken = new List<TitleAccumulator>(_changed.Count);
        foreach (var number in _changed)
        {
            taken.Add(_titles[number]);
            _neighboursChanged.Remove(number);
        }

        _changed = [];
        var left = mostWithNeighboursOnly;
        while (left > 0 && _neighboursChangedInOrder.TryDequeue(out var number))
        {
            if (_neighboursChanged.Remove(number))
            {
                taken.Add(_titles[number]);
                left--;
            }
        }

        return taken;
    }

    /// <summary>Puts a title back among the changed ones: it could not be handed over.</summary>
    public void ReturnChangedTitle(TitleAccumulator title)
    {
        title.ForgetHandOver();
        _changed.Add(_numbers[title.TitleId]);
    }

    /// <summary>Marks the titles as changed that an event at or after <paramref name="offset"/> changed.</summary>
    public void MarkChangedSince(long offset)
    {
        for (var number = 0; number < _titles.Count; number++)
        {
            if (_titles[number].Version > offset)
            {
                _changed.Add(number);
            }
        }
    }

    /// <summary>The next changes of a title to hand over.</summary>
    public TitleDelta TakeDelta(TitleAccumulator title) => title.TakeDelta(_titleOf);

    /// <summary>Everything held of a title, as a hand-over; null when it had no event here.</summary>
    public TitleDelta? TakeAbsolute(string titleId) =>
        _numbers.TryGetValue(titleId, out var number) ? _titles[number].TakeAbsolute(_titleOf) : null;

    /// <summary>Writes the state; the same state gives the same bytes.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Signed(StreamTime);
        writer.Unsigned((ulong)_titles.Count);
        foreach (var title in _titles)
        {
            title.Write(ref writer);
        }

        writer.Unsigned((ulong)_recentPositives.Count);
        foreach (var user in _recentPositives.Keys.Order(StringComparer.Ordinal))
        {
            writer.Text(user);
            var positives = _recentPositives[user];
            writer.Unsigned((ulong)positives.Length);
            foreach (var title in positives)
            {
                writer.Unsigned((ulong)title);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static EngagementFold Read(ref BinaryFormatReader reader, int neighbourCapacity)
    {
        var fold = new EngagementFold(neighbourCapacity) { StreamTime = reader.Signed() };
        var titles = reader.Count(reader.Remaining);
        for (var i = 0; i < titles; i++)
        {
            var title = TitleAccumulator.Read(ref reader);
            fold._titles.Add(title);
            fold._numbers.Add(title.TitleId, i);
        }

        var users = reader.Count(reader.Remaining);
        for (var i = 0; i < users; i++)
        {
            var user = reader.Text();
            var positives = new int[reader.Count(CoWatchReach)];
            for (var j = 0; j < positives.Length; j++)
            {
                positives[j] = reader.Count(titles - 1);
            }

            fold._recentPositives.Add(user, positives);
        }

        return fold;
    }

    private void NoteNeighboursChanged(int number)
    {
        if (!_neighboursChanged.Add(number))
        {
            return;
        }

        // Titles that were handed over for another reason leave their number behind in the queue: clear up before it grows.
        if (_neighboursChangedInOrder.Count > 64 + (2 * _neighboursChanged.Count))
        {
            var seen = new HashSet<int>();
            int[] waiting = [.. _neighboursChangedInOrder.Where(waits => _neighboursChanged.Contains(waits) && seen.Add(waits))];
            _neighboursChangedInOrder.Clear();
            foreach (var waits in waiting)
            {
                _neighboursChangedInOrder.Enqueue(waits);
            }
        }

        _neighboursChangedInOrder.Enqueue(number);
    }

    private int NumberOf(string titleId)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, titleId, out var known);
        if (!known)
        {
            number = _titles.Count;
            _titles.Add(new TitleAccumulator(titleId));
        }

        return number;
    }

    /// <summary>Links a positive to the viewer's earlier ones, newest first, and remembers it.</summary>
    /// <returns>False when the title is among them already: a second like of the same title says nothing new.</returns>
    private bool Link(string userId, int number, long offset)
    {
        ref var positives = ref CollectionsMarshal.GetValueRefOrAddDefault(_recentPositives, userId, out _);
        positives ??= [];
        if (positives.Contains(number))
        {
            return false;
        }

        for (var k = 0; k < positives.Length; k++)
        {
            var earlier = positives[k];
            var transition = k < TransitionReach ? TransitionWeights[k] : 0;
            _titles[earlier].AddNeighbour(number, transition, 1, _neighbourCapacity, offset);
            _titles[number].AddNeighbour(earlier, 0, 1, _neighbourCapacity, offset);
            NoteNeighboursChanged(earlier);
        }

        var kept = Math.Min(positives.Length, CoWatchReach - 1);
        var updated = new int[kept + 1];
        updated[0] = number;
        positives.AsSpan(0, kept).CopyTo(updated.AsSpan(1));
        positives = updated;
        return true;
    }
}
