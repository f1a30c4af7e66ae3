using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>What changed for one title in one partition's fold.</summary>
/// <remarks>Counts and neighbours are differences since <see cref="FromVersion"/>; everything else is absolute.</remarks>
public sealed record TitleDelta
{
    /// <summary>Length of <see cref="Counts"/>: one more than the largest number of an event type.</summary>
    public const int Types = (int)EngagementType.Unhide + 1;

    /// <summary>The version that it continues; 0 when it stands alone.</summary>
    public required long FromVersion { get; init; }

    /// <summary>The version after it.</summary>
    public required long ToVersion { get; init; }

    /// <summary>int64[<see cref="Types"/>]: events per type.</summary>
    public required long[] Counts { get; init; }

    /// <summary>How many times the title became a new positive of a viewer here.</summary>
    public required long Positives { get; init; }

    /// <summary>How many events here were verdicts on the title.</summary>
    public required long Verdicts { get; init; }

    /// <summary>The partition's share of the popularity.</summary>
    public required DecayedPopularity Popularity { get; init; }

    /// <summary>The partition's share of the popularity per country.</summary>
    public required KeyValuePair<string, DecayedPopularity>[] Countries { get; init; }

    /// <summary>Changed neighbours; the same one may come several times and adds up.</summary>
    public required Neighbour[] Neighbours { get; init; }

    /// <summary>Event time of the first event here, milliseconds since the Unix epoch.</summary>
    public required long FirstEventAt { get; init; }

    /// <summary>Event time of the newest event here, milliseconds since the Unix epoch.</summary>
    public required long LastEventAt { get; init; }

    /// <summary>Writes everything but the versions and counts, which travel in the open.</summary>
    public void WriteStatistics(ref BinaryFormatWriter writer)
    {
        writer.Byte(1);
        writer.Signed(FirstEventAt);
        writer.Signed(LastEventAt);
        writer.Unsigned((ulong)Positives);
        writer.Unsigned((ulong)Verdicts);
        Popularity.Write(ref writer);
        CountryPopularity.WriteEntries(ref writer, Countries);
        writer.Unsigned((ulong)Neighbours.Length);
        foreach (var neighbour in Neighbours)
        {
            writer.Text(neighbour.TitleId);
            writer.Signed(neighbour.Transition);
            writer.Signed(neighbour.CoWatch);
        }
    }

    /// <summary>Reads what <see cref="WriteStatistics"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of an unknown version or damaged.</exception>
    public static TitleDelta Read(long fromVersion, long toVersion, long[] counts, ReadOnlySpan<byte> statistics)
    {
        var reader = new BinaryFormatReader(statistics);
        if (reader.Byte() is not 1 and var version)
        {
            throw new InvalidDataException($"Title statistics of version {version}; this program reads version 1.");
        }

        var first = reader.Signed();
        var last = reader.Signed();
        var positives = (long)reader.Unsigned();
        var verdicts = (long)reader.Unsigned();
        var popularity = DecayedPopularity.Read(ref reader);
        var countries = CountryPopularity.ReadEntries(ref reader);
        var neighbours = new Neighbour[reader.Count(reader.Remaining)];
        for (var i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = new Neighbour(reader.Text(), reader.Signed(), reader.Signed());
        }

        return new TitleDelta
        {
            FromVersion = fromVersion,
            ToVersion = toVersion,
            Counts = counts,
            Positives = positives,
            Verdicts = verdicts,
            Popularity = popularity,
            Countries = countries,
            Neighbours = neighbours,
            FirstEventAt = first,
            LastEventAt = last,
        };
    }
}
