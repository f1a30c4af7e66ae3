using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Marquee.Tests.Operations;

/// <summary>What arrives from another silo is what was sent, through the serializer that silos speak with.</summary>
public sealed class PackedMessagesTests
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.Const("Амели ☂ 𝄞"), Gen.String[Gen.Char.AlphaNumeric, 128, 300]);
    private static readonly Gen<string?> SomeText = Gen.OneOf(Text.Select(text => (string?)text), Gen.Const((string?)null));
    private static readonly Gen<double?> SomeNumber = Gen.OneOf(Gen.Double.Select(number => (double?)number), Gen.Const((double?)null));

    private static readonly Gen<EngagementMessage> Event = Gen.Select(
        Gen.Select(Text, Text, Text, Gen.Enum<EngagementType>(), Gen.Long),
        Gen.Select(SomeNumber, SomeNumber, SomeNumber),
        Gen.Select(SomeText, SomeText, SomeText, SomeText),
        (who, numbers, texts) => new EngagementMessage
        {
            EventId = who.Item1,
            UserId = who.Item2,
            TitleId = who.Item3,
            Type = who.Item4,
            OccurredAt = who.Item5,
            Value = numbers.Item1,
            PositionSeconds = numbers.Item2,
            DurationSeconds = numbers.Item3,
            SessionId = texts.Item1,
            RecommendationId = texts.Item2,
            Country = texts.Item3,
            Device = texts.Item4,
        });

    private static readonly Gen<AppendResult> Result = Gen.Select(
        Gen.Enum<AppendOutcome>(), Gen.Int[0, 5_000], Gen.Int[0, 5_000], Gen.Select(Gen.Int[0, 64], Gen.Long[0, long.MaxValue], Gen.Long[-1, long.MaxValue]), SomeText, Gen.Int[0, 500].Array[0, 4],
        (outcome, accepted, duplicates, position, reason, refused) => new AppendResult(
            outcome, accepted, duplicates, new LogPosition(position.Item1, position.Item2, position.Item3), reason, [.. refused]));

    private static readonly Gen<PopularityMessage> Popularity = Gen.Select(Gen.Long, Gen.Double.Array[0, 5], (at, parts) => new PopularityMessage(at, [.. parts]));

    private static readonly Gen<EngagementTotals> Totals = Gen.Select(
        Gen.Long.Array[0, 15], Gen.Long, Gen.Long, Gen.Long, Popularity, Gen.Select(Text, Popularity).Array[0, 3], Gen.Long, Gen.Long,
        (counts, events, positives, verdicts, popularity, countries, first, last) => new EngagementTotals
        {
            Counts = [.. counts],
            EventCount = events,
            Positives = positives,
            Verdicts = verdicts,
            Popularity = popularity,
            Countries = [.. countries.Select(country => new CountryPopularityMessage(country.Item1, country.Item2))],
            FirstEventAt = first,
            LastEventAt = last,
        });

    private static readonly Gen<TitleRowMessage> Row = Gen.Select(Text, Totals, Gen.Long, (title, totals, at) => new TitleRowMessage { TitleId = title, Totals = totals, CommittedAt = at });

    private static readonly Gen<TitleShareMessage> Share = Gen.Select(
        Gen.Int[0, 1_023], Gen.Long, Totals, Gen.Long,
        (partition, version, totals, at) => new TitleShareMessage { Partition = partition, Version = version, Totals = totals, CommittedAt = at });

    private static readonly Gen<CatalogueRowMessage> CatalogueRow = Gen.Select(
        Row, Gen.Long, Gen.Enum<CatalogueParts>(), Gen.Bool, Gen.Bool, Gen.Bool, Gen.Select(Gen.Int[0, 9], Gen.Long, Gen.Long).Array[0, 6], Gen.Bool,
        (row, version, parts, removed, hasMetadata, hasLive, neighbours, hasNeighbours) => new CatalogueRowMessage
        {
            TitleId = row.TitleId,
            Version = version,
            Parts = parts,
            Removed = removed,
            Metadata = hasMetadata ? new TitleMessage { TitleId = row.TitleId, Name = $"The name of {row.TitleId}" } : null,
            Live = hasLive ? row : null,
            Neighbours = hasNeighbours
                ? new TitleNeighboursMessage(row.TitleId, [.. neighbours.Select(one => $"t{one.Item1}")], [.. neighbours.Select(one => one.Item2)], [.. neighbours.Select(one => one.Item3)])
                : null,
        });

    [Fact]
    public void Appends_Any_ArriveAsTheyWere() => Gen.Select(Gen.Int[0, 1_023], Event.Array[0, 4], (partition, events) => new PartitionAppend(partition, [.. events])).Array[0, 5].Sample(appends =>
        Same(appends, Sent(new PackedAppends([.. appends])).Appends));

    [Fact]
    public void Results_Any_ArriveAsTheyWere() => Result.Array[0, 6].Sample(results => Same(results, Sent(new PackedAppendResults([.. results])).Results));

    [Fact]
    public void Result_NoRefusedTitles_ArrivesWithoutAny() =>
        Assert.True(Assert.Single(Sent(new PackedAppendResults([new AppendResult(AppendOutcome.Accepted, 1, 0, default, null)])).Results).RefusedTitles.IsDefaultOrEmpty);

    [Fact]
    public void TitleChanges_Any_ArriveAsTheyWere() => Gen.Select(Text, Share.Array[0, 3], (title, shares) => new TitleChangeMessage(title, [.. shares])).Array[0, 4].Sample(changes =>
        Same(changes, Sent(new PackedTitleChanges([.. changes])).Changes));

    [Fact]
    public void TitleRows_Any_ArriveAsTheyWere() => Row.Array[0, 5].Sample(rows => Same(rows, Sent(new PackedTitleRows([.. rows])).Rows));

    [Fact]
    public void NeighbourShares_Any_ArriveAsTheyWere() =>
        Gen.Select(Text.Array[0, 4], Gen.Int.Array[0, 4], Gen.Int.Array[0, 4], Gen.Int.Array[0, 4], Gen.Int.Array[0, 4], (titles, counts, places, transitions, coWatches) =>
            new NeighbourShareMessage([.. titles], [.. counts], [.. places], [.. transitions], [.. coWatches])).Array[0, 4].Sample(shares =>
                Same(shares, Sent(new PackedNeighbourShares([.. shares])).Shares));

    [Fact]
    public void Delta_Any_ArrivesAsItWas() =>
        Gen.Select(Gen.Long, CatalogueRow.Array[0, 6], Gen.Bool, Gen.Long, (version, rows, more, incarnation) => new CatalogueDelta(version, [.. rows], more, incarnation)).Sample(delta =>
            Same([delta], [Sent(new PackedCatalogueDelta(delta)).Delta]));

    /// <remarks>Builds that have landed write and read messages through <see cref="BinaryWriter"/> and <see cref="BinaryReader"/>.</remarks>
    [Fact]
    public void Writer_AnyValues_WritesTheBytesOfABinaryWriter() =>
        Gen.Select(Gen.Int, Gen.Long, Gen.Double, Gen.UShort, Gen.Bool, Gen.String[0, 200]).Sample((number, large, real, small, yes, text) =>
        {
            using var stream = new MemoryStream();
            using var expected = new BinaryWriter(stream, Encoding.UTF8);
            var actual = new PackedWriter();
            expected.Write7BitEncodedInt(number);
            actual.Write7BitEncodedInt(number);
            expected.Write7BitEncodedInt64(large);
            actual.Write7BitEncodedInt64(large);
            expected.Write(large);
            actual.Write(large);
            expected.Write(real);
            actual.Write(real);
            expected.Write(small);
            actual.Write(small);
            expected.Write(yes);
            actual.Write(yes);
            expected.Write(text);
            actual.Write(text);
            var bytes = actual.Take();
            Assert.Equal(stream.ToArray(), bytes);

            var reader = new PackedReader(bytes);
            Assert.Equal((number, large, large), (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64(), reader.ReadInt64()));
            Assert.Equal((real, small, yes, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))), (reader.ReadDouble(), reader.ReadUInt16(), reader.ReadBoolean(), reader.ReadString()));
            Assert.Equal(0, reader.Rest);
        });

    /// <remarks>Half a message must not become other events, or less of them.</remarks>
    [Fact]
    public void Appends_CutShortOrTooLong_AreInvalid() => Event.Array[1, 3].Sample(events =>
    {
        var bytes = new PackedAppends([new PartitionAppend(1, [.. events])]).Bytes;
        var reader = new PackedAppends([]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => reader.Bytes = bytes[..length]);
        }

        Assert.Throws<InvalidDataException>(() => reader.Bytes = (byte[])[.. bytes.Span, 0]);
        Assert.Throws<InvalidDataException>(() => reader.Bytes = (byte[])[9, .. bytes.Span[1..]]);
    }, iter: 20);

    private static T Sent<T>(T message)
        where T : class
    {
        var serializer = Services.GetRequiredService<Serializer>();
        var arrived = serializer.Deserialize<T>(serializer.SerializeToArray(message))!;
        Assert.NotSame(message, arrived);
        return arrived;
    }

    /// <summary>Every field is the same: records compare arrays by reference, JSON by what is in them.</summary>
    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(Json(expected), Json(actual));

    private static string Json<T>(IEnumerable<T> messages) => JsonSerializer.Serialize(messages, JsonOptions);

    private static readonly JsonSerializerOptions JsonOptions = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
