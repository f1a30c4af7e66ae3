using System.Text;
using System.Text.Json;
using Marquee.Cli;
using Marquee.Cli.DataSets;
using Marquee.Cli.Import;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Tests.Client.Import;
using Marquee.Training.Data;

namespace Marquee.Tests.Client.DataSets;

public sealed class DataSetReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LineFaults _faults = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_SeveralFiles_AreOneCatalogueAndEventsInTimeOrder()
    {
        var titles = _folder.Write("titles.ndjson", """
            {"titleId":"t1","name":"Alien","releaseYear":1979,"genres":["Horror"],"people":["Sigourney Weaver"],"availability":[{"country":"se","from":"2026-01-01T00:00:00Z"}]}
            {"titleId":"t2","name":"Aliens","kind":"film"}
            {"titleId":"t1","name":"Alien, once more","releaseDate":"1979-05-25"}
            """);
        var events = _folder.Write("events.ndjson.gz", """
            {"userId":"u2","titleId":"t2","type":"like","occurredAt":"2026-01-03T00:00:00Z","country":"se"}
            {"eventId":"e1","userId":"u1","titleId":"only-in-events","type":"play","positionSeconds":10,"durationSeconds":100,"occurredAt":"2026-01-01T00:00:00Z"}
            {"eventId":"e1","userId":"u1","titleId":"t1","type":"like","occurredAt":"2026-01-02T00:00:00Z"}
            {"eventId":"e1","userId":"u2","titleId":"t1","type":"rate","value":4,"occurredAt":"2026-01-02T00:00:00Z"}
            """);

        var data = await ReadAsync(titles, events);

        Assert.Equal("titles.ndjson and 1 more", data.Name);
        Assert.Equal([("t1", "Alien, once more"), ("t2", "Aliens"), ("only-in-events", "only-in-events")], data.Titles.Select(title => (title.TitleId, title.Name)));
        Assert.Equal(new DateTimeOffset(1979, 5, 25, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), data.Titles[0].ReleasedAt);
        Assert.Equal(["u1", "u2"], data.UserIds);
        Assert.Equal([(0, 2, false), (1, 0, true), (1, 1, true)], data.Interactions.Select(interaction => (interaction.User, interaction.Title, interaction.IsPositive)));
        Assert.Equal("SE", data.Interactions[2].Event.Country);
        Assert.Equal(0, _faults.SkippedLines);
    }

    [Fact]
    public async Task Read_Folder_TakesItsNdjsonFilesAlone()
    {
        _folder.Write("a.jsonl", """{"titleId":"t1","name":"Alien"}""");
        _folder.Write("b.ndjson", """{"userId":"u1","titleId":"t1","type":"complete","occurredAt":"2026-01-03T00:00:00Z"}""");
        _folder.Write("README.md", "no data");

        var data = await ReadAsync(_folder.Path);

        Assert.Equal((1, 1), (data.Titles.Count, data.Interactions.Length));
        Assert.Equal(0, _faults.SkippedLines);
    }

    [Fact]
    public async Task Read_StandardInput_IsPutInOrder()
    {
        var context = Context("""
            {"userId":"u1","titleId":"t1","type":"like","occurredAt":"2026-01-03T00:00:00Z"}
            {"userId":"u1","titleId":"t2","type":"like","occurredAt":"2026-01-01T00:00:00Z"}
            """);

        var data = await DataSetReader.ReadAsync(["-"], _faults, context, Cancelled);

        Assert.Equal(["t2", "t1"], data.Interactions.Select(interaction => interaction.Event.TitleId));
    }

    [Theory]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"levitate","occurredAt":"2026-01-03T00:00:00Z"}""", "type")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play"}""", "occurredAt")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"rate","occurredAt":"2026-01-03T00:00:00Z"}""", "value")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"rate","value":7,"occurredAt":"2026-01-03T00:00:00Z"}""", "value")]
    [InlineData("""{"userId":"u 1","titleId":"t1","type":"play","occurredAt":"2026-01-03T00:00:00Z"}""", "userId")]
    [InlineData("""{"userId":"u1","titleId":"","type":"play","occurredAt":"2026-01-03T00:00:00Z"}""", "titleId")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","positionSeconds":-1,"occurredAt":"2026-01-03T00:00:00Z"}""", "positionSeconds")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","durationSeconds":0,"occurredAt":"2026-01-03T00:00:00Z"}""", "durationSeconds")]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play","country":"Sweden","occurredAt":"2026-01-03T00:00:00Z"}""", "country")]
    [InlineData("""{"titleId":"t2","name":"Aliens","kind":"opera"}""", "kind")]
    [InlineData("""{"titleId":"t2","name":"Aliens","kind":"1"}""", "kind")]
    [InlineData("""{"titleId":"t2","name":""}""", "name")]
    [InlineData("""{"userId":"u1","titleId":"t1"}""", null)]
    public async Task Read_BadLine_IsToldByFileLineAndFieldAndLeftOut(string line, string? field)
    {
        var path = _folder.Write("mixed.ndjson", $$"""
            {"userId":"u1","titleId":"t1","type":"like","occurredAt":"2026-01-03T00:00:00Z"}
            {{line}}
            {"userId":"u2","titleId":"t1","type":"like","occurredAt":"2026-01-04T00:00:00Z"}
            """);

        var data = await ReadAsync(path);

        Assert.Equal(["u1", "u2"], data.Interactions.Select(interaction => interaction.Event.UserId));
        var fault = Assert.Single(_faults.Kept());
        Assert.Equal(("mixed.ndjson", 2, field), (fault.File, fault.Line, fault.Field));
    }

    [Fact]
    public async Task Read_MovieLensFolderWithBadLines_LeavesThemOut()
    {
        _folder.Write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Animation\nbroken\n");
        _folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,300\n7,1,eleven,100\n8,1,0.5,200\n");

        var data = await ReadAsync(_folder.Path);

        Assert.Equal(["8", "7"], data.Interactions.Select(interaction => interaction.Event.UserId));
        Assert.Equal([("movies.csv", 3), ("ratings.csv", 3)], _faults.Kept().Select(fault => (fault.File, fault.Line)));
    }

    [Fact]
    public async Task Read_NothingToEvaluate_SaysWhatIsMissing()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;
        var titles = _folder.Write("titles.ndjson", "nonsense\n{\"titleId\":\"t1\",\"name\":\"Alien\"}");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "half"));
        _folder.Write(Path.Combine("half", "ratings.csv"), "userId,movieId,rating,timestamp\n7,1,4.5,300\n");

        Assert.Contains("holds no data set", (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(empty))).Message, StringComparison.Ordinal);
        Assert.Contains("titles.ndjson:1", (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(titles))).NextStep, StringComparison.Ordinal);
        Assert.Contains("no movies.csv", (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(Path.Combine(_folder.Path, "half")))).Message, StringComparison.Ordinal);
        Assert.Contains("There is nothing at", (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(Path.Combine(_folder.Path, "gone")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatWasMadeForTheNode_IsTheSame()
    {
        var engagement = new EngagementEvent
        {
            EventId = "e",
            UserId = "u",
            TitleId = "t",
            Type = EngagementType.AddToList,
            OccurredAt = 1_400_000_000_123,
            Value = 2,
            PositionSeconds = 3,
            DurationSeconds = 4,
            SessionId = "s",
            RecommendationId = "r",
            Country = "SE",
            Device = "tv",
        };
        var title = new TitleMetadata
        {
            TitleId = "t",
            Name = "n",
            Kind = TitleKind.Episode,
            ReleasedAt = 86_400_000,
            ReleaseYear = 1970,
            Genres = ["g"],
            Tags = ["a"],
            Languages = ["sv"],
            Countries = ["DK"],
            RuntimeSeconds = 60,
            Maturity = "15",
            People = ["p"],
            Owner = "o",
            Exclusive = true,
            SeriesId = "x",
            Season = 1,
            Episode = 2,
            Availability = [new AvailabilityWindow("NO", 1, null)],
            Description = "d",
        };

        Assert.Null(EngineMapping.Read(EngineMapping.ToClient(engagement), out var sameEvent));
        Assert.Null(EngineMapping.Read(EngineMapping.ToClient(title), out var sameTitle));

        Assert.Equal(engagement, sameEvent);
        Assert.Equal(JsonSerializer.Serialize(title), JsonSerializer.Serialize(sameTitle));
    }

    [Fact]
    public void MarkEngaged_EveryType_KeepsWhatTheViewersTasteExcludes()
    {
        foreach (var first in Enum.GetValues<EngagementType>())
        {
            foreach (var second in Enum.GetValues<EngagementType>())
            {
                var engaged = new HashSet<int>();
                var node = new Marquee.Training.Evaluation.InProcessNode([new TitleMetadata { TitleId = "t", Name = "t" }]);
                foreach (var type in (EngagementType[])[first, second])
                {
                    var engagement = Recommendations.SmallWorld.Event("u", "t", 1_400_000_000_000, type);
                    new Interaction(0, 0, engagement, false).MarkEngaged(engaged);
                    node.ApplyToUser(engagement);
                }

                Assert.Equal(node.TasteOf("u").IsExcluded(node.Titles.NumberOf("t")), engaged.Contains(0));
            }
        }
    }

    private Task<InteractionDataSet> ReadAsync(params string[] paths) => DataSetReader.ReadAsync(paths, _faults, Context(""), Cancelled);

    private static CommandContext Context(string input) => new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
    };
}
