using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>What one partition's fold holds of one title, and what changed in it since it was last handed over.</summary>
public sealed class TitleAccumulator
{
    private readonly long[] _counts;
    private readonly int[] _pendingCounts = new int[TitleDelta.Types];
    private readonly List<NeighbourChange> _pendingNeighbours = [];
    private readonly NeighbourMap _neighbours;
    private readonly CountryPopularity _countries;
    private DecayedPopularity _popularity;

    /// <summary>Creates an empty accumulator.</summary>
    /// <param name="titleId">The title.</param>
    public TitleAccumulator(string titleId)
        : this(titleId, new long[TitleDelta.Types], new NeighbourMap(), new CountryPopularity())
    {
    }

    private TitleAccumulator(string titleId, long[] counts, NeighbourMap neighbours, CountryPopularity countries) =>
        (TitleId, _counts, _neighbours, _countries) = (titleId, counts, neighbours, countries);

    /// <summary>The title.</summary>
    public string TitleId { get; }

    /// <summary>One more than the offset of the last event that changed this title; 0 if none did.</summary>
    public long Version { get; private set; }

    /// <summary>The version that was last handed over; null when the next hand-over must be absolute.</summary>
    public long? HandedOver { get; private set; }

    /// <summary>Event time of the title's first event, milliseconds since the Unix epoch.</summary>
    public long FirstEventAt { get; private set; }

    /// <summary>Event time of the title's newest event, milliseconds since the Unix epoch.</summary>
    public long LastEventAt { get; private set; }

    /// <summary>How many times the title became a new positive of a viewer.</summary>
    public long Positives { get; private set; }

    /// <summary>How many events were verdicts on the title.</summary>
    public long Verdicts { get; private set; }

    /// <summary>Counts an event.</summary>
    /// <param name="engagement">The event, of this title.</param>
    /// <param name="isNewPositive">Whether it makes this title a new positive of its viewer.</param>
    /// <param name="offset">The event's offset.</param>
    public void Count(EngagementEvent engagement, bool isNewPositive, long offset)
    {
        FirstEventAt = Version == 0 || engagement.OccurredAt < FirstEventAt ? engagement.OccurredAt : FirstEventAt;
        LastEventAt = Version == 0 ? engagement.OccurredAt : Math.Max(LastEventAt, engagement.OccurredAt);
        Version = offset + 1;
        _counts[(int)engagement.Type]++;
        _pendingCounts[(int)engagement.Type]++;
        Verdicts += Feedback.IsVerdict(engagement) ? 1 : 0;
        if (isNewPositive)
        {
            Positives++;
            _popularity.Add(engagement.OccurredAt);
            _countries.Add(engagement.Country, engagement.OccurredAt);
        }
    }

    /// <summary>Adds weights to a neighbour.</summary>
    public void AddNeighbour(int title, int transition, int coWatch, int capacity, long offset)
    {
        Version = offset + 1;
        _neighbours.Add(title, transition, coWatch, capacity, _pendingNeighbours);
    }

    /// <summary>What changed since the last hand-over, which this call counts as one; absolute when there was none.</summary>
    /// <param name="titleOf">Names the neighbours.</param>
    public TitleDelta TakeDelta(Func<int, string> titleOf) =>
        HandedOver is { } from ? TakeChanges(from, titleOf) : TakeAbsolute(titleOf);

    /// <summary>Everything, from nothing; counts as a hand-over.</summary>
    public TitleDelta TakeAbsolute(Func<int, string> titleOf)
    {
        var neighbours = new Neighbour[_neighbours.Count];
        for (var i = 0; i < neighbours.Length; i++)
        {
            var entry = _neighbours[i];
            neighbours[i] = new Neighbour(titleOf(entry.Title), entry.Transition, entry.CoWatch);
        }

        return Take(0, [.. _counts], neighbours);
    }

    /// <summary>The last hand-over may be lost: the next one is absolute.</summary>
    public void ForgetHandOver() => HandedOver = null;

    /// <summary>Writes the state; what is pending is not part of it, the next hand-over after reading is absolute.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Text(TitleId);
        writer.Unsigned((ulong)Version);
        writer.Signed(FirstEventAt);
        writer.Signed(LastEventAt);
        foreach (var count in _counts)
        {
            writer.Unsigned((ulong)count);
        }

        writer.Unsigned((ulong)Positives);
        writer.Unsigned((ulong)Verdicts);
        _popularity.Write(ref writer);
        _countries.Write(ref writer);
        _neighbours.Write(ref writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TitleAccumulator Read(ref BinaryFormatReader reader)
    {
        var titleId = reader.Text();
        var version = (long)reader.Unsigned();
        var first = reader.Signed();
        var last = reader.Signed();
        var counts = new long[TitleDelta.Types];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (long)reader.Unsigned();
        }

        var positives = (long)reader.Unsigned();
        var verdicts = (long)reader.Unsigned();
        var popularity = DecayedPopularity.Read(ref reader);
        var countries = CountryPopularity.Read(ref reader);
        return new TitleAccumulator(titleId, counts, NeighbourMap.Read(ref reader), countries)
        {
            Version = version,
            FirstEventAt = first,
            LastEventAt = last,
            Positives = positives,
            Verdicts = verdicts,
            _popularity = popularity,
        };
    }

    private TitleDelta TakeChanges(long from, Func<int, string> titleOf)
    {
        var neighbours = new Neighbour[_pendingNeighbours.Count];
        for (var i = 0; i < neighbours.Length; i++)
        {
            var change = _pendingNeighbours[i];
            neighbours[i] = new Neighbour(titleOf(change.Title), change.Transition, change.CoWatch);
        }

        return Take(from, [.. _pendingCounts], neighbours);
    }

    private TitleDelta Take(long from, long[] counts, Neighbour[] neighbours)
    {
        _pendingNeighbours.Clear();
        _pendingNeighbours.TrimExcess();
        Array.Clear(_pendingCounts);
        HandedOver = Version;
        return new TitleDelta
        {
            FromVersion = from,
            ToVersion = Version,
            Counts = counts,
            Positives = Positives,
            Verdicts = Verdicts,
            Popularity = _popularity,
            Countries = _countries.Snapshot(),
            Neighbours = neighbours,
            FirstEventAt = FirstEventAt,
            LastEventAt = LastEventAt,
        };
    }
}
