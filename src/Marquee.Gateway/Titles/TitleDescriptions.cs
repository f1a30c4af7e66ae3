using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Titles;

/// <summary>The title calls as the API's description shows them.</summary>
internal static class TitleDescriptions
{
    private const string TitleExample = """{"titleId":"1454468","name":"Gravity","kind":"film","releaseYear":2013,"genres":["Drama","Sci-Fi"]}""";

    private static readonly ProblemKind[] WriteProblems =
    [
        ProblemKind.MalformedJson, ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.Overloaded, ProblemKind.Unavailable, ProblemKind.OutcomeUnknown,
    ];

    public static CallDescription List { get; } = new()
    {
        Name = "ListTitles",
        Tag = Tag.Titles,
        Summary = "Search or list titles",
        Description = "Titles with metadata, best match and most popular first.",
        Answers = [new AnswerDescription(200, "A page of titles.", typeof(TitlePageBody), $$"""{"items":[{{TitleExample}}],"next":"1"}""")],
        Problems = [ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Upsert { get; } = new()
    {
        Name = "UpsertTitles",
        Tag = Tag.Titles,
        Summary = "Add or replace one title or up to 1,000",
        Description =
            """
            Takes one title, an array of titles, or one title per line (`application/x-ndjson`). Good titles are kept, bad ones are reported by their
            index and field; only when **all** are bad is the answer 400. When an id comes twice, the later title counts.
            Afterwards the titles are durable, and recommendable at once. Writing a title twice is harmless.
            """,
        Body = new BodyDescription(TitleSchema.Id, true, new Dictionary<string, string>
        {
            ["one"] = """{ "titleId": "moonlight-bay", "name": "Moonlight Bay", "genres": ["Drama"], "releaseDate": "2026-03-01" }""",
            ["many"] =
                """
                [
                  { "titleId": "harbour", "name": "Harbour", "kind": "series", "genres": ["Crime"], "languages": ["en"], "countries": ["GB"] },
                  { "titleId": "harbour-s1e1", "name": "The Ferry", "kind": "episode", "seriesId": "harbour", "season": 1, "episode": 1, "runtimeSeconds": 3120,
                    "availability": [{ "country": "US", "from": "2026-03-01T00:00:00Z" }] }
                ]
                """,
        }),
        Answers = [new AnswerDescription(200, "Every good title is durable.", typeof(TitleAcknowledgement), """{"created":2,"replaced":0,"rejected":0,"errors":[],"version":12613}""")],
        Problems = [.. WriteProblems, ProblemKind.TooManyItems],
    };

    public static CallDescription Get { get; } = new()
    {
        Name = "GetTitle",
        Tag = Tag.Titles,
        Summary = "Get a title",
        Description = "A title of which only events are known is a stub: `{titleId, stub: true}`.",
        Id = "title",
        Answers = [new AnswerDescription(200, "The title.", typeof(TitleBody), TitleExample)],
        Problems = [ProblemKind.NotFound, ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Put { get; } = new()
    {
        Name = "PutTitle",
        Tag = Tag.Titles,
        Summary = "Add or replace a title",
        Id = "title",
        Body = new BodyDescription(TitleSchema.Id, false, new Dictionary<string, string> { ["one"] = """{ "name": "Gravity", "releaseYear": 2013, "genres": ["Drama", "Sci-Fi"] }""" }),
        Answers =
        [
            new AnswerDescription(200, "It was there and is replaced.", typeof(TitleBody), TitleExample),
            new AnswerDescription(201, "It is new.", typeof(TitleBody), TitleExample),
        ],
        Problems = WriteProblems,
    };

    public static CallDescription Delete { get; } = new()
    {
        Name = "DeleteTitle",
        Tag = Tag.Titles,
        Summary = "Remove a title",
        Description = "It is gone from every answer; its counters stay, and come back with it.",
        Id = "title",
        Answers = [new AnswerDescription(204, "It is removed.")],
        Problems = [ProblemKind.NotFound, ProblemKind.Overloaded, ProblemKind.Unavailable, ProblemKind.OutcomeUnknown],
    };

    public static CallDescription Statistics { get; } = new()
    {
        Name = "GetTitleStatistics",
        Tag = Tag.Titles,
        Summary = "Live counters of a title",
        Description = "Exact numbers of events since the title exists, and popularity decayed at three half-lives, as of the newest event.",
        Id = "title",
        Answers =
        [
            new AnswerDescription(
                200,
                "The counters.",
                typeof(TitleStatisticsBody),
                """
                {"titleId":"1454468","counts":{"impression":0,"click":0,"play":1,"progress":0,"complete":418,"abandon":0,"like":742,"dislike":0,"rate":94,
                 "addToList":0,"removeFromList":0,"hide":0,"unhide":0},"popularity":{"short":8.8,"medium":46,"long":454.6},"updatedAt":"2013-11-05T21:44:32Z"}
                """),
        ],
        Problems = [ProblemKind.NotFound, ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Similar { get; } = new()
    {
        Name = "GetSimilarTitles",
        Tag = Tag.Titles,
        Summary = "More like this",
        Id = "title",
        Answers =
        [
            new AnswerDescription(
                200,
                "Titles like it, best first.",
                typeof(SimilarBody),
                """{"titleId":"1454468","items":[{"titleId":"1535109","rank":1,"score":6.6,"reason":"Because you watched Gravity","becauseTitleId":"1454468","origin":"ranked"}]}"""),
        ],
        Problems = [ProblemKind.NotFound, ProblemKind.Overloaded, ProblemKind.Unavailable],
    };
}
