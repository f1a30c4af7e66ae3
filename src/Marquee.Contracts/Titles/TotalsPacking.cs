namespace Marquee.Contracts.Titles;

/// <summary>The bytes of a title's engagement within packed messages.</summary>
internal static class TotalsPacking
{
    public static void WriteRow(PackedWriter writer, TitleRowMessage row)
    {
        writer.Write(row.CommittedAt);
        Write(writer, row.Totals);
    }

    public static TitleRowMessage ReadRow(PackedReader reader, string titleId) => new()
    {
        TitleId = titleId,
        CommittedAt = reader.ReadInt64(),
        Totals = Read(reader),
    };

    public static void Write(PackedWriter writer, EngagementTotals totals)
    {
        writer.Items(totals.Counts, static (writer, count) => writer.Write7BitEncodedInt64(count));
        writer.Write7BitEncodedInt64(totals.EventCount);
        writer.Write7BitEncodedInt64(totals.Positives);
        writer.Write7BitEncodedInt64(totals.Verdicts);
        WritePopularity(writer, totals.Popularity);
        writer.Items(totals.Countries, static (writer, country) =>
        {
            writer.Write(country.Country);
            WritePopularity(writer, country.Popularity);
        });
        writer.Write(totals.FirstEventAt);
        writer.Write(totals.LastEventAt);
    }

    public static EngagementTotals Read(PackedReader reader) => new()
    {
        Counts = reader.Items(static reader => reader.Read7BitEncodedInt64()),
        EventCount = reader.Read7BitEncodedInt64(),
        Positives = reader.Read7BitEncodedInt64(),
        Verdicts = reader.Read7BitEncodedInt64(),
        Popularity = ReadPopularity(reader),
        Countries = reader.Items(static reader => new CountryPopularityMessage(reader.ReadString(), ReadPopularity(reader))),
        FirstEventAt = reader.ReadInt64(),
        LastEventAt = reader.ReadInt64(),
    };

    private static void WritePopularity(PackedWriter writer, PopularityMessage popularity)
    {
        writer.Write(popularity.At);
        writer.Items(popularity.Parts, static (writer, part) => writer.Write(part));
    }

    private static PopularityMessage ReadPopularity(PackedReader reader) => new(reader.ReadInt64(), reader.Items(static reader => reader.ReadDouble()));
}
