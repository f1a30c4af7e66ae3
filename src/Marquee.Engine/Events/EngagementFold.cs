using System.Buffers;
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
    private readonly TitleTable _titleIds;
    private readonly Dictionary<string, int[]> _recentPositives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<TitleAccumulator> _titles = [];
    private readonly Queue<TitleAccumulator> _changedNeighbours = new();
    private List<TitleAccumulator> _changed = [];

    /// <summary>Means nothing: it is summed up so that <see cref="Fetch"/> is not optimised away.</summary>
    private int _fetched;

    /// <summary>Creates an empty fold.</summary>
    /// <param name="neighbourCapacity">How many neighbours each title keeps here.</param>
    /// <param name="titleIds">Where the one string of each title id is, which many folds hold.</param>
    public EngagementFold(int neighbourCapacity, TitleTable titleIds) => (_neighbourCapacity, _titleIds) = (neighbourCapacity, titleIds);

    /// <summary>The largest event time seen, milliseconds since the Unix epoch; 0 before the first event.</summary>
    public long StreamTime { get; private set; }

    /// <summary>How many titles have had an event here.</summary>
    public int TitleCount => _titles.Count;

    /// <summary>How many viewers have recent positives here.</summary>
    public int ViewerCount => _recentPositives.Count;

    /// <summary>Whether titles had events that <see cref="TakeChangedTitles"/> has not given yet.</summary>
    public bool HasChangedTitles => _changed.Count > 0;

    /// <summary>Whether neighbours changed that <see cref="TakeChangedNeighbours"/> has not given yet.</summary>
    public bool HasChangedNeighbours => _changedNeighbours.Count > 0;

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
        NoteChange(_titles[number]);
    }

    /// <summary>Forgets a viewer. Sums over many viewers keep what they had: they name nobody.</summary>
    public void Erase(string userId) => _recentPositives.Remove(userId);

    /// <summary>The titles that had events since the last call.</summary>
    public IReadOnlyList<TitleAccumulator> TakeChangedTitles()
    {
        var taken = _changed;
        _changed = [];
        foreach (var title in taken)
        {
            title.IsChanged = false;
        }

        return taken;
    }

    /// <summary>Puts a title back among the changed ones: it could not be handed over.</summary>
    public void ReturnChangedTitle(TitleAccumulator title) => NoteChange(title);

    /// <summary>Marks the titles as changed that had an event at or after <paramref name="offset"/>.</summary>
    public void MarkChangedSince(long offset)
    {
        foreach (var title in _titles)
        {
            if (title.Version > offset)
            {
                NoteChange(title);
            }
        }
    }

    /// <summary>Titles whose neighbours changed since they were last taken, the longest waiting first.</summary>
    /// <param name="most">How many; the others keep waiting. One event changes the neighbours of every title that its viewer liked lately.</param>
    public IReadOnlyList<string> TakeChangedNeighbours(int most)
    {
        var taken = new List<string>(Math.Min(most, _changedNeighbours.Count));
        while (taken.Count < most && _changedNeighbours.TryDequeue(out var title))
        {
            title.HasChangedNeighbours = false;
            taken.Add(title.TitleId);
        }

        return taken;
    }

    /// <summary>Marks the titles whose neighbours an event at or after <paramref name="offset"/> changed.</summary>
    public void MarkNeighboursChangedSince(long offset)
    {
        foreach (var title in _titles)
        {
            if (title.NeighboursVersion > offset)
            {
                NoteNeighboursChanged(title);
            }
        }
    }

    /// <summary>What is held of a title; null when it had no event here.</summary>
    public TitleAccumulator? Find(string titleId) => _numbers.TryGetValue(titleId, out var number) ? _titles[number] : null;

    /// <summary>The title of a number that this fold gave out, from 0 to <see cref="TitleCount"/> − 1: what neighbours are named by.</summary>
    public string IdOf(int number) => _titles[number].TitleId;

    /// <summary>What is held of the neighbours of titles.</summary>
    public NeighbourShare NeighboursOf(IReadOnlyList<string> titleIds)
    {
        var maps = ArrayPool<NeighbourMap?>.Shared.Rent(titleIds.Count);
        var total = 0;
        for (var i = 0; i < titleIds.Count; i++)
        {
            maps[i] = Find(titleIds[i])?.Neighbours;
            total += maps[i]?.Count ?? 0;
        }

        var share = total == 0 ? NeighbourShare.Nothing(titleIds.Count) : Gather(maps.AsSpan(0, titleIds.Count), total);
        ArrayPool<NeighbourMap?>.Shared.Return(maps, clearArray: true);
        return share;
    }

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
    public static EngagementFold Read(ref BinaryFormatReader reader, int neighbourCapacity, TitleTable titleIds)
    {
        var fold = new EngagementFold(neighbourCapacity, titleIds) { StreamTime = reader.Signed() };
        var titles = reader.Count(reader.Remaining);
        for (var i = 0; i < titles; i++)
        {
            var title = TitleAccumulator.Read(i, ref reader, titleIds);
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

    private NeighbourShare Gather(ReadOnlySpan<NeighbourMap?> maps, int total)
    {
        // By number, one more than the index in the answer; 0 where there is none yet.
        var indices = ArrayPool<int>.Shared.Rent(_titles.Count);
        indices.AsSpan(0, _titles.Count).Clear();
        var numbers = ArrayPool<int>.Shared.Rent(Math.Min(total, _titles.Count));
        var distinct = 0;
        var share = new NeighbourShare([], new int[maps.Length], new int[total], new int[total], new int[total]);
        var at = 0;
        for (var i = 0; i < maps.Length; i++)
        {
            if (maps[i] is not { } map)
            {
                continue;
            }

            share.Counts[i] = map.Count;
            map.Transitions.CopyTo(share.Transitions.AsSpan(at));
            map.CoWatches.CopyTo(share.CoWatches.AsSpan(at));
            foreach (var number in map.Titles)
            {
                ref var index = ref indices[number];
                if (index == 0)
                {
                    numbers[distinct++] = number;
                    index = distinct;
                }

                share.Titles[at++] = index - 1;
            }
        }

        var names = new string[distinct];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = _titles[numbers[i]].TitleId;
        }

        ArrayPool<int>.Shared.Return(indices);
        ArrayPool<int>.Shared.Return(numbers);
        return share with { TitleIds = names };
    }

    private void NoteChange(TitleAccumulator title)
    {
        if (!title.IsChanged)
        {
            title.IsChanged = true;
            _changed.Add(title);
        }
    }

    private void NoteNeighboursChanged(TitleAccumulator title)
    {
        if (!title.HasChangedNeighbours)
        {
            title.HasChangedNeighbours = true;
            _changedNeighbours.Enqueue(title);
        }
    }

    private int NumberOf(string titleId)
    {
        if (_numbers.TryGetValue(titleId, out var known))
        {
            return known;
        }

        var kept = _titleIds.IdOf(_titleIds.NumberOf(titleId));
        var number = _titles.Count;
        _titles.Add(new TitleAccumulator(number, kept));
        _numbers.Add(kept, number);
        return number;
    }

    /// <summary>Reads a little of each title that is about to change.</summary>
    /// <remarks>
    /// They lie anywhere in memory, each three objects deep. Here nothing depends on what is read, so the processor waits for
    /// all of them together; in the loop that changes them it would wait for one after the other, two thirds of its time.
    /// </remarks>
    private void Fetch(ReadOnlySpan<int> titles)
    {
        foreach (var title in titles)
        {
            _fetched += _titles[title].Neighbours?.Fetch() ?? 0;
        }
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

        Fetch(positives);
        for (var k = 0; k < positives.Length; k++)
        {
            var earlier = positives[k];
            var transition = k < TransitionReach ? TransitionWeights[k] : 0;
            _titles[earlier].AddNeighbour(number, transition, 1, _neighbourCapacity, offset);
            _titles[number].AddNeighbour(earlier, 0, 1, _neighbourCapacity, offset);
            NoteNeighboursChanged(_titles[earlier]);
        }

        if (positives.Length > 0)
        {
            NoteNeighboursChanged(_titles[number]);
        }

        var kept = Math.Min(positives.Length, CoWatchReach - 1);
        var updated = new int[kept + 1];
        updated[0] = number;
        positives.AsSpan(0, kept).CopyTo(updated.AsSpan(1));
        positives = updated;
        return true;
    }
}
