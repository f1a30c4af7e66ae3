using System.Text;
using CsCheck;
using Marquee.Cli.Import;

namespace Marquee.Tests.Client.Import;

public sealed class NdjsonTests : IDisposable
{
    private static readonly ImportSelection All = new(true, true);

    private readonly TemporaryFolder _folder = new();
    private readonly LineFaults _faults = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.ndjson.gz")]
    public async Task ReadFile_AnyOrder_TitlesFirstThenEventsInTimeOrder(string name)
    {
        var path = _folder.Write(name, "\uFEFF" + """
            {"eventId":"late","userId":"u1","titleId":"t1","type":"play","occurredAt":"2026-01-03T00:00:00Z"}
            {"titleId":"t1","name":"Alien","releaseYear":1979}

            {"eventId":"timeless","userId":"u1","titleId":"t1","type":"like"}
            {"eventId":"early","userId":"u1","titleId":"t1","type":"rate","value":4.5,"occurredAt":"2026-01-01T00:00:00+02:00"}
            {"titleId":"t2","name":"Aliens"}
            """);
        var source = new NdjsonFile(path);

        var items = await source.ReadAsync(All, _faults, Cancelled).ToListAsync(Cancelled);

        Assert.Equal(["t1", "t2", null, null, null], items.Select(item => item.Title?.TitleId));
        Assert.Equal(["early", "late", "timeless"], items[2..].Select(item => item.Event!.EventId));
        Assert.Equal(new Place(name, 5), items[2].Place);
        Assert.Equal((2, 3, new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero)), (source.TitleTotal, source.EventTotal, source.LastEventTime));
        Assert.Equal(0, _faults.SkippedLines);
    }

    [Fact]
    public async Task ReadStream_StandardInput_KeepsTheOrder()
    {
        var input = """
            {"eventId":"late","userId":"u1","titleId":"t1","type":"play","occurredAt":"2026-01-03T00:00:00Z"}
            {"titleId":"t1","name":"Alien"}
            {"eventId":"early","userId":"u1","titleId":"t1","type":"play","occurredAt":"2026-01-01T00:00:00Z"}
            """;

        var items = await new NdjsonStream(new MemoryStream(Encoding.UTF8.GetBytes(input))).ReadAsync(All, _faults, Cancelled).ToListAsync(Cancelled);

        Assert.Equal(["late", "t1", "early"], items.Select(item => item.Event?.EventId ?? item.Title!.TitleId));
    }

    [Theory]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play"}""", null)]
    [InlineData("""{"titleId":"t1","name":"Alien"}""", null)]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"levitate"}""", null)]
    [InlineData("""{"titleId":"t1","type":"play"}""", "an event needs 'userId'")]
    [InlineData("""{"name":"Alien"}""", "a title needs 'titleId'")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","rating":5}""", "an event has no field 'rating'")]
    [InlineData("""{"titleId":"t1","name":"Alien","yaer":1979}""", "a title has no field 'yaer'")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","value":"five"}""", "the field 'value' does not hold what belongs there")]
    [InlineData("""{"userId":null,"titleId":"t1","type":"play"}""", "the field 'userId' does not hold what belongs there")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":7}""", "the field 'type' does not hold what belongs there")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","occurredAt":"soon"}""", "the field 'occurredAt' does not hold what belongs there")]
    [InlineData("""{"userId":"u1"}""", "the line has neither 'type' (then it is an event) nor 'name' (then it is a title)")]
    [InlineData("""[{"userId":"u1"}]""", "the line is not a JSON object")]
    [InlineData("""{"userId":"u1","titleId" """, "the line is not JSON, at byte 25")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play"} {}""", "the line is not JSON, at byte 45")]
    [InlineData("nonsense", "the line is not JSON, at byte 1")]
    public void Parse_Line_SaysWhatIsWrong(string line, string? fault) =>
        Assert.Equal(fault, NdjsonParser.Parse(Encoding.UTF8.GetBytes(line), new Place("x", 1), out _));

    [Fact]
    public void Parse_EventWithoutId_AlwaysGetsTheSameOne()
    {
        string IdOf(string line)
        {
            Assert.Null(NdjsonParser.Parse(Encoding.UTF8.GetBytes(line), new Place("x", 1), out var item));
            return item.Event!.EventId!;
        }

        var line = """{"userId":"u1","titleId":"t1","type":"play","occurredAt":"2026-01-03T00:00:00Z"}""";
        Assert.Equal(IdOf(line), IdOf(line));
        Assert.NotEqual(IdOf(line), IdOf(line.Replace("u1", "u2", StringComparison.Ordinal)));
        Assert.Matches("^line-[0-9a-f]{32}$", IdOf(line));
    }

    [Fact]
    public async Task ReadFile_BadLines_AreToldByNumberAndLeftOut()
    {
        var path = _folder.Write("mixed.ndjson", "{\"titleId\":\"t1\",\"name\":\"Alien\"}\r\nnonsense\r\n\r\n{\"titleId\":\"t2\",\"name\":\"Aliens\"}\r\n{\"broken\":");

        var items = await new NdjsonFile(path).ReadAsync(All, _faults, Cancelled).ToListAsync(Cancelled);

        Assert.Equal(["t1", "t2"], items.Select(item => item.Title!.TitleId));
        Assert.Equal([2, 5], _faults.Kept().Select(fault => fault.Line));
    }

    [Fact]
    public async Task ReadLines_LineTooLong_IsToldAndLeftOut()
    {
        var content = $"first\n{new string('x', NdjsonLines.LengthMax * 3)}\nlast";

        Assert.Equal([(1, "first"), (3, "last")], await LinesAsync(Encoding.UTF8.GetBytes(content), int.MaxValue));
        Assert.Equal(2, Assert.Single(_faults.Kept()).Line);
    }

    [Fact]
    public Task ReadLines_AnyContentInAnyPieces_GivesTheLinesThatSplittingGives() =>
        Gen.Select(Gen.Char["ab\n\r "].Array[0, 40], Gen.Int[1, 7]).SampleAsync(async (characters, piece) =>
        {
            var content = new string(characters);
            var expected = content.Split('\n').Select((line, index) => (index + 1, line.Trim())).Where(line => line.Item2.Length > 0);
            return (await LinesAsync(Encoding.UTF8.GetBytes(content), piece)).SequenceEqual(expected);
        });

    [Fact]
    public Task ReadFile_AnyEvents_ComeInTimeOrderEachOnce() =>
        Gen.Int[0, 20].Array[1, 50].SampleAsync(async minutes =>
        {
            var lines = minutes.Select((minute, i) => $$"""{"eventId":"e{{i}}","userId":"u","titleId":"t","type":"play","occurredAt":"2026-01-01T00:{{minute:00}}:00Z"}""");
            using var folder = new TemporaryFolder();
            var items = await new NdjsonFile(folder.Write("e.ndjson", string.Join('\n', lines))).ReadAsync(All, _faults, Cancelled).ToListAsync(Cancelled);
            var expected = minutes.Select((minute, i) => (minute, i)).OrderBy(pair => pair.minute).ThenBy(pair => pair.i).Select(pair => $"e{pair.i}");
            return items.Select(item => item.Event!.EventId).SequenceEqual(expected);
        }, iter: 50);

    private async Task<List<(int Line, string Text)>> LinesAsync(byte[] content, int piece)
    {
        var lines = new List<(int, string)>();
        await foreach (var line in NdjsonLines.ReadAsync(new PiecewiseStream(content, piece), "x", _faults, Cancelled))
        {
            lines.Add((line.Place.Line, Encoding.UTF8.GetString(line.Text.Span)));
        }

        return lines;
    }

    /// <summary>Gives no more than a few bytes at a time, as a pipe does.</summary>
    private sealed class PiecewiseStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
