using System.Buffers;
using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>What ranking needs to know of a title's engagement: a row of the catalogue, without metadata. Immutable.</summary>
public sealed record TitleSummary
{
    /// <summary>A title without events.</summary>
    public static readonly TitleSummary Empty = new();

    /// <summary>int64[<see cref="TitleDelta.Types"/>]: events per type since the title exists.</summary>
    public long[] Counts { get; init; } = new long[TitleDelta.Types];

    /// <summary>All events since the title exists.</summary>
    public long EventCount { get; init; }

    /// <summary>How many times the title became a new positive of a viewer.</summary>
    public long Positives { get; init; }

    /// <summary>How many events were verdicts on the title, good or bad.</summary>
    public long Verdicts { get; init; }

    /// <summary>Decayed positives.</summary>
    public DecayedPopularity Popularity { get; init; }

    /// <summary>Decayed positives per country, ordered by code.</summary>
    public KeyValuePair<string, DecayedPopularity>[] Countries { get; init; } = [];

    /// <summary>The strongest neighbours, by transitions first.</summary>
    public Neighbour[] Neighbours { get; init; } = [];

    /// <summary>Event time of the first event, milliseconds since the Unix epoch; 0 when there was none.</summary>
    public long FirstEventAt { get; init; }

    /// <summary>Event time of the newest event, milliseconds since the Unix epoch; 0 when there was none.</summary>
    public long LastEventAt { get; init; }

    /// <summary>The bytes that cross between title, catalogue feed and replicas.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var writer = new BinaryFormatWriter(buffer);
        writer.Byte(1);
        foreach (var count in Counts)
        {
            writer.Unsigned((ulong)count);
        }

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

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="titles">Holds the ids of neighbours, so that thousands of rows share one string per title; null makes new ones.</param>
    /// <exception cref="InvalidDataException">The bytes are of an unknown version or damaged.</exception>
    public static TitleSummary FromBytes(ReadOnlySpan<byte> bytes, TitleTable? titles = null)
    {
        var reader = new BinaryFormatReader(bytes);
        if (reader.Byte() is not 1 and var version)
        {
            throw new InvalidDataException($"A title summary of version {version}; this program reads version 1.");
        }

        var counts = new long[TitleDelta.Types];
        long events = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (long)reader.Unsigned();
            events += counts[i];
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
            neighbours[i] = new Neighbour(titles is null ? reader.Text() : titles.Intern(reader.Bytes()), reader.Signed(), reader.Signed());
        }

        return new TitleSummary
        {
            Counts = counts,
            EventCount = events,
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
