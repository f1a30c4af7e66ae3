using System.Runtime.CompilerServices;
using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>What one partition's fold holds of one title.</summary>
public sealed class TitleAccumulator
{
    private EventCounts _counts;
    private NeighbourMap? _neighbours;
    private CountryPopularity? _countries;
    private DecayedPopularity _popularity;

    /// <summary>Creates an empty accumulator.</summary>
    /// <param name="number">The title's number in the fold.</param>
    /// <param name="titleId">The title.</param>
    public TitleAccumulator(int number, string titleId) => (Number, TitleId) = (number, titleId);

    /// <summary>The title's number in the fold.</summary>
    public int Number { get; }

    /// <summary>The title.</summary>
    public string TitleId { get; }

    /// <summary>One more than the offset of the title's last event; 0 if there was none.</summary>
    public long Version { get; private set; }

    /// <summary>One more than the offset of the last event that changed its neighbours; 0 if none did.</summary>
    public long NeighboursVersion { get; private set; }

    /// <summary>Event time of the title's first event, milliseconds since the Unix epoch.</summary>
    public long FirstEventAt { get; private set; }

    /// <summary>Event time of the title's newest event, milliseconds since the Unix epoch.</summary>
    public long LastEventAt { get; private set; }

    /// <summary>How many times the title became a new positive of a viewer.</summary>
    public long Positives { get; private set; }

    /// <summary>How many events were verdicts on the title.</summary>
    public long Verdicts { get; private set; }

    /// <summary>Its neighbours; null before the first.</summary>
    public NeighbourMap? Neighbours => _neighbours;

    /// <summary>Waits to be handed over. Kept by the fold.</summary>
    internal bool IsChanged { get; set; }

    /// <summary>Its neighbours wait to be read. Kept by the fold.</summary>
    internal bool HasChangedNeighbours { get; set; }

    /// <summary>Counts an event.</summary>
    /// <param name="engagement">The event, of this title.</param>
    /// <param name="isNewPositive">Whether it makes this title a new positive of its viewer.</param>
    /// <param name="offset">The event's offset.</param>
    public void Count(EngagementEvent engagement, bool isNewPositive, long offset)
    {
        FirstEventAt = Version == 0 || engagement.OccurredAt < FirstEventAt ? engagement.OccurredAt : FirstEventAt;
        LastEventAt = Version == 0 ? engagement.OccurredAt : Math.Max(LastEventAt, engagement.OccurredAt);
        Version = offset + 1;
        ref var count = ref _counts[(int)engagement.Type];
        count += count < uint.MaxValue ? 1u : 0;
        Verdicts += Feedback.IsVerdict(engagement) ? 1 : 0;
        if (isNewPositive)
        {
            Positives++;
            _popularity.Add(engagement.OccurredAt);
            if (engagement.Country is { } country)
            {
                (_countries ??= new()).Add(country, engagement.OccurredAt);
            }
        }
    }

    /// <summary>Adds weights to a neighbour.</summary>
    public void AddNeighbour(int title, int transition, int coWatch, int capacity, long offset)
    {
        NeighboursVersion = offset + 1;
        (_neighbours ??= new()).Add(title, transition, coWatch, capacity);
    }

    /// <summary>Everything but the neighbours, as it stands now.</summary>
    public TitleSummary Summarise()
    {
        var counts = new long[TitleSummary.Types];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = _counts[i];
        }

        return new TitleSummary
        {
            Counts = counts,
            EventCount = counts.Sum(),
            Positives = Positives,
            Verdicts = Verdicts,
            Popularity = _popularity,
            Countries = _countries?.Snapshot() ?? [],
            FirstEventAt = FirstEventAt,
            LastEventAt = LastEventAt,
        };
    }

    /// <summary>Writes the state.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Text(TitleId);
        writer.Unsigned((ulong)Version);
        writer.Unsigned((ulong)NeighboursVersion);
        writer.Signed(FirstEventAt);
        writer.Signed(LastEventAt);
        foreach (var count in _counts)
        {
            writer.Unsigned(count);
        }

        writer.Unsigned((ulong)Positives);
        writer.Unsigned((ulong)Verdicts);
        _popularity.Write(ref writer);
        (_countries ?? new CountryPopularity()).Write(ref writer);
        (_neighbours ?? new NeighbourMap()).Write(ref writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="number">The title's number in the fold.</param>
    /// <param name="reader">The bytes.</param>
    /// <param name="titleIds">Where the one string of its id is.</param>
    public static TitleAccumulator Read(int number, ref BinaryFormatReader reader, TitleTable titleIds)
    {
        var title = new TitleAccumulator(number, titleIds.Intern(reader.Bytes()))
        {
            Version = (long)reader.Unsigned(),
            NeighboursVersion = (long)reader.Unsigned(),
            FirstEventAt = reader.Signed(),
            LastEventAt = reader.Signed(),
        };
        for (var i = 0; i < TitleSummary.Types; i++)
        {
            title._counts[i] = (uint)Math.Min(reader.Unsigned(), uint.MaxValue);
        }

        title.Positives = (long)reader.Unsigned();
        title.Verdicts = (long)reader.Unsigned();
        title._popularity = DecayedPopularity.Read(ref reader);
        var countries = CountryPopularity.Read(ref reader);
        title._countries = countries.Count > 0 ? countries : null;
        var neighbours = NeighbourMap.Read(ref reader);
        title._neighbours = neighbours.Count > 0 ? neighbours : null;
        return title;
    }

    /// <summary>Events by type; each count stays at 4,294,967,295. Inside the object: millions of titles are held, in every partition.</summary>
    [InlineArray(TitleSummary.Types)]
    private struct EventCounts
    {
        private uint _first;
    }
}
