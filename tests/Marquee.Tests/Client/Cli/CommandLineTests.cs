using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Marquee.Cli;
using Marquee.Tests.Client.Import;

namespace Marquee.Tests.Client.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeNode _node = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("import", "--batch", "0", "x")]
    [InlineData("import", "--batch", "many", "x")]
    [InlineData("import", "--concurrency", "65", "x")]
    [InlineData("import", "--scale", "7", "x")]
    [InlineData("import", "--from", "soon", "x")]
    [InlineData("import", "--url", "node", "x")]
    [InlineData("import")]
    [InlineData("import", "/there/is/nothing/here")]
    [InlineData("replay", "--speed", "fast", "x")]
    [InlineData("replay", "-", "--shift-to-now")]
    [InlineData("recommend", "u1", "--home", "--surface", "trending")]
    [InlineData("status", "--every", "0")]
    [InlineData("models")]
    [InlineData("models", "publish")]
    [InlineData("models", "publish", "/there/is/nothing/here")]
    [InlineData("cluster")]
    [InlineData("cluster", "start", "--silos", "0")]
    [InlineData("cluster", "start", "--storage", "paper")]
    [InlineData("cluster", "start", "--port", "70000")]
    [InlineData("cluster", "start", "--silo", "/there/is/nothing/here")]
    [InlineData("cluster", "kill")]
    [InlineData("cluster", "kill", "1", "--folder", "/there/is/nothing/here")]
    [InlineData("cluster", "stop", "--folder", "/there/is/nothing/here")]
    [InlineData("chaos", "--minutes", "0")]
    [InlineData("chaos", "--faults", "0")]
    [InlineData("chaos", "--nemesis", "rain")]
    [InlineData("chaos", "--check", "/there/is/nothing/here")]
    [InlineData("evaluate")]
    [InlineData("evaluate", "/there/is/nothing/here")]
    [InlineData("evaluate", ".", "--ranker", "dice")]
    [InlineData("train", "/there/is/nothing/here")]
    [InlineData("load", "--rate", "0")]
    [InlineData("load", "--mix", "holiday=1")]
    [InlineData("load", "--rate", "home=1", "--mix", "home=1")]
    [InlineData("load", "--users", "0")]
    [InlineData("load", "--count", "0")]
    [InlineData("load", "--hot-title", "1.5")]
    [InlineData("load", "--titles", "5", "--node-titles")]
    [InlineData("load", "--max", "holiday")]
    [InlineData("load", "--max", "home", "--profile", "1")]
    [InlineData("load", "--url", "node")]
    [InlineData("levitate")]
    public async Task Run_WrongUsage_IsTwoAndSaysWhatToDo(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));

        Assert.StartsWith("marquee: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("", _output.ToString());
        Assert.Empty(_node.Calls);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("models", "list")]
    [InlineData("recommend", "u1")]
    [InlineData("import", "-")]
    [InlineData("replay", "-")]
    [InlineData("load")]
    public async Task Run_NoNode_IsThreeAndSaysHowToStartOne(params string[] arguments)
    {
        Enumerable.Range(0, 100).ToList().ForEach(_ => _node.Troubles.Enqueue(Trouble.Refused));

        Assert.Equal(ExitCode.Unavailable, await RunAsync([.. arguments, "--url", "http://127.0.0.1:9999"]));

        Assert.Contains("No node answers at http://127.0.0.1:9999/", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("dotnet run --project silo -- --urls http://127.0.0.1:9999", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_NoShares_CutsTheEventsByItsDefaults()
    {
        WriteRatings();

        Assert.Equal(ExitCode.Success, await RunAsync("evaluate", _folder.Path, "--json"));

        Assert.NotEmpty(JsonNode.Parse(_output.ToString())!["models"]!.AsArray());
    }

    [Fact]
    public async Task Evaluate_ColdSeeds_RunsNothingElse()
    {
        WriteRatings();

        Assert.Equal(ExitCode.Success, await RunAsync("evaluate", _folder.Path, "--cold-seeds", "3", "5", "--json"));

        var report = JsonNode.Parse(_output.ToString())!;
        Assert.Empty(report["models"]!.AsArray());
        Assert.Equal([3, 5], report["coldTitles"]!.AsArray().Select(static cold => (int)cold!["seed"]!));
    }

    [Fact]
    public async Task Evaluate_NdjsonWithABadLine_ReportsItAndRuns()
    {
        var titles = Enumerable.Range(1, 20).Select(title => $$"""{"titleId":"{{title}}","name":"Film {{title}}","genres":["Drama"]}""");
        var events = Enumerable.Range(0, 200).Select(i =>
            $$"""{"userId":"{{1 + (i % 13)}}","titleId":"{{1 + (i * 7 % 20)}}","type":"complete","occurredAt":"{{DateTimeOffset.UnixEpoch.AddDays(i):O}}"}""");
        var path = _folder.Write("small.ndjson", string.Join('\n', [.. titles, """{"userId":"1","titleId":"1","type":"levitate","occurredAt":"2026-01-01T00:00:00Z"}""", .. events]));

        Assert.Equal(ExitCode.Findings, await RunAsync("evaluate", path, "--untrained", "--diversity", "--json"));

        Assert.Equal("", _error.ToString());
        var report = Document();
        Assert.Equal((20, 200, 1), ((int)report["titles"]!, (int)report["events"]!, (int)report["skippedLines"]!));
        Assert.Equal(("small.ndjson", 21, "type"), ((string?)report["errors"]![0]!["file"], (int)report["errors"]![0]!["line"]!, (string?)report["errors"]![0]!["field"]));
        Assert.Equal((int)report["models"]![0]!["lists"]!, (int)report["diversity"]!["lists"]!);
    }

    [Fact]
    public async Task Train_NdjsonWithABadLine_ReportsItAndTrains()
    {
        var events = Enumerable.Range(0, 200).Select(i =>
            $$"""{"userId":"{{1 + (i % 13)}}","titleId":"{{1 + (i * 7 % 20)}}","type":"complete","occurredAt":"{{DateTimeOffset.UnixEpoch.AddHours(i):O}}"}""");
        var path = _folder.Write("small.ndjson", string.Join('\n', ["nonsense", .. events]));
        var model = Path.Combine(_folder.Path, "small.model");

        Assert.Equal(ExitCode.Findings, await RunAsync("train", path, "--output", model));

        Assert.True(File.Exists(model));
        Assert.Contains("small.ndjson:1: the line is not JSON", _error.ToString(), StringComparison.Ordinal);
    }

    private void WriteRatings()
    {
        var movies = Enumerable.Range(1, 20).Select(title => $"{title},Film {title} ({1990 + title}),Drama");
        var ratings = Enumerable.Range(0, 200).Select(i => $"{1 + (i % 13)},{1 + (i * 7 % 20)},5.0,{1_400_000_000 + (i * 3_600)}");
        _folder.Write("movies.csv", string.Join('\n', movies.Prepend("movieId,title,genres")));
        _folder.Write("ratings.csv", string.Join('\n', ratings.Prepend("userId,movieId,rating,timestamp")));
    }

    [Theory]
    [InlineData("--train-share", "0")]
    [InlineData("--validation-share", "0.4")]
    public async Task Evaluate_SharesThatLeaveNoTest_IsWrongUsage(string option, string value)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("evaluate", _folder.Path, option, value));

        Assert.Contains("leave a rest for the test", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailureWithJson_IsADocument()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("import", "/there/is/nothing/here", "--json"));

        Assert.Equal("usage", (string?)Document()["error"]!["kind"]);
        Assert.Equal("There is nothing at '/there/is/nothing/here'.", (string?)Document()["error"]!["message"]);
        Assert.Equal("", _error.ToString());
    }

    [Theory]
    [InlineData("--help", "import")]
    [InlineData("import --help", "9-10 'like', 7-8 'complete'")]
    [InlineData("import --help", "marquee import ./ml-latest-small")]
    [InlineData("replay --help", "--shift-to-now")]
    [InlineData("recommend --help", "--explain")]
    [InlineData("status --help", "--watch")]
    [InlineData("load --help", "coordinated omission")]
    [InlineData("status --help", "130  interrupted")]
    public async Task Run_Help_Tells(string arguments, string expected)
    {
        Assert.Equal(ExitCode.Success, await RunAsync(arguments.Split(' ')));

        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Version_IsANumber()
    {
        Assert.Equal(ExitCode.Success, await RunAsync("--version"));

        Assert.Matches(@"^\d+\.\d+\.\d+", _output.ToString());
    }

    [Fact]
    public async Task Import_Folder_CountsAndIsZero()
    {
        WriteMovieLens();

        Assert.Equal(ExitCode.Success, await RunAsync("import", _folder.Path, "--concurrency", "1", "--batch", "2", "--json"));

        var report = Document();
        Assert.Equal((2, 3, 0), ((int)report["titles"]!["accepted"]!, (int)report["events"]!["accepted"]!, (int)report["events"]!["duplicates"]!));
        Assert.True((bool)report["complete"]!);
        Assert.Equal(["rating-7-11-100", "rating-8-1-200", "rating-7-1-300"], _node.Events.Select(item => (string?)item["eventId"]));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Import_Again_FindsDuplicates()
    {
        WriteMovieLens();
        await RunAsync("import", _folder.Path, "--json");
        _output.GetStringBuilder().Clear();

        Assert.Equal(ExitCode.Success, await RunAsync("import", _folder.Path, "--json"));

        Assert.Equal((0, 3), ((int)Document()["events"]!["accepted"]!, (int)Document()["events"]!["duplicates"]!));
    }

    [Fact]
    public async Task Import_Findings_AreListedByLineAndTheCodeIsOne()
    {
        WriteMovieLens("9,1,nonsense,400\n");
        _node.Judge = item => (string?)item["userId"] == "8" ? ("userId", "is barred") : null;

        Assert.Equal(ExitCode.Findings, await RunAsync("import", _folder.Path));

        Assert.Contains("ratings.csv:4: userId: is barred", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("ratings.csv:5: the rating 'nonsense' is not a number from 0 to 10", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("events   2 accepted, 0 duplicates, 1 rejected", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("skipped  1 lines", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NodeRefusesTheCall_TellsHowFarItCame()
    {
        WriteMovieLens();
        _node.OnCall = number =>
        {
            if (number == 3)
            {
                _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.RequestEntityTooLarge, body: """{"title":"Too large","detail":"At most 4 MB."}"""));
            }
        };

        Assert.Equal(ExitCode.Findings, await RunAsync("import", _folder.Path, "--concurrency", "1"));

        Assert.Contains("titles   2 accepted", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Too large (413): At most 4 MB.", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--from 1970-01-01T00:01:40Z", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Interrupted_IsOneHundredAndThirty()
    {
        using var interrupt = new CancellationTokenSource();
        WriteMovieLens();
        _node.OnCall = number =>
        {
            if (number == 2)
            {
                interrupt.Cancel();
            }
        };

        Assert.Equal(ExitCode.Interrupted, await MarqueeCommand.RunAsync(["import", _folder.Path, "--json"], Context(), interrupt.Token));

        Assert.Equal(2, (int)Document()["titles"]!["accepted"]!);
        Assert.Equal("interrupted", (string?)Document()["failure"]!["kind"]);
        Assert.False((bool)Document()["complete"]!);
    }

    [Fact]
    public async Task Import_StandardInput_IsRead()
    {
        var input = """
            {"titleId":"t1","name":"Alien"}
            {"userId":"u1","titleId":"t1","type":"play"}
            """;

        Assert.Equal(ExitCode.Success, await RunAsync(["import", "-", "--json"], input));

        Assert.Equal(("Alien", "u1"), ((string?)_node.Titles["t1"]["name"], (string?)_node.Events.Single()["userId"]));
    }

    [Fact]
    public async Task Replay_Folder_SendsEventsOnly()
    {
        WriteMovieLens();

        Assert.Equal(ExitCode.Success, await RunAsync("replay", _folder.Path, "--speed", "max", "--json"));

        Assert.Equal((3, "max"), ((int)Document()["events"]!["accepted"]!, (string?)Document()["speed"]));
        Assert.Empty(_node.Titles);
        Assert.Equal(3, _node.Events.Count);
    }

    [Fact]
    public async Task Replay_AllThereAlready_SaysWhatToDo()
    {
        WriteMovieLens();
        await RunAsync("replay", _folder.Path, "--speed", "max");

        Assert.Equal(ExitCode.Success, await RunAsync("replay", _folder.Path, "--speed", "max"));

        Assert.Contains("--shift-to-now replays them as new ones", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_Slate_IsATable()
    {
        PrepareSlate();

        Assert.Equal(ExitCode.Success, await RunAsync("recommend", "u1", "--count", "2", "--explain"));

        var text = _output.ToString();
        Assert.Contains("Alien (1979) · t1", text, StringComparison.Ordinal);
        Assert.Contains("Because you watched [Gravity]", text, StringComparison.Ordinal);
        Assert.Contains("+0.3000 taste (t2)", text, StringComparison.Ordinal);
        Assert.Contains("degraded", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_Json_IsTheApisDocument()
    {
        PrepareSlate();

        Assert.Equal(ExitCode.Success, await RunAsync("recommend", "u1", "--count", "2", "--explain", "--json"));

        Assert.Equal(("r1", "t1", 0.3), ((string?)Document()["recommendationId"], (string?)Document()["items"]![0]!["titleId"], (double)Document()["items"]![0]!["parts"]![1]!["value"]!));
    }

    [Fact]
    public async Task Recommend_Home_ShowsTheRows()
    {
        _node.Answers["/v1/users/u1/home?metadata=true"] = """{"userId":"u1","rows":[{"rowId":"trending","name":"Trending now","items":[{"titleId":"t9","rank":1,"score":1}]}]}""";

        Assert.Equal(ExitCode.Success, await RunAsync("recommend", "u1", "--home"));

        Assert.Contains("Trending now", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("t9", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_NodeRefuses_IsOneAndNamesTheField()
    {
        _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.BadRequest, body: """{"title":"Not valid","errors":[{"field":"count","message":"at most 500"}]}"""));

        Assert.Equal(ExitCode.Findings, await RunAsync("recommend", "u1", "--count", "501"));

        Assert.Contains("count: at most 500", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Table_SummarisesPartitions()
    {
        _node.Answers["/v1/status"] = """
            {"node":"n1","version":"1.2.3","ready":false,"activity":"loading the sample: 43 %","storage":"sqlite","tenant":"default",
             "partitions":[{"partition":0,"epoch":1,"offset":1000,"lag":0,"state":"open"},{"partition":1,"epoch":2,"offset":500,"lag":7,"state":"open"}],
             "freshness":{"p50Milliseconds":3.5,"p99Milliseconds":250,"samples":12},"events":{"accepted":1500,"perSecond":99.6}}
            """;

        Assert.Equal(ExitCode.Success, await RunAsync("status"));

        foreach (var expected in (string[])["loading the sample: 43 %", "2 (2 open), 1,500 events, lag 7", "1: lag 7 at offset 500, epoch 2", "p50 3.5 ms, p99 250 ms", "100/s, 1,500 accepted"])
        {
            Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_WatchedWithJson_IsALinePerLookUntilInterrupted()
    {
        using var interrupt = new CancellationTokenSource();
        _node.OnCall = number =>
        {
            if (number == 3)
            {
                interrupt.Cancel();
            }
        };

        Assert.Equal(ExitCode.Success, await MarqueeCommand.RunAsync(["status", "--watch", "--every", "0.1", "--json"], Context(), interrupt.Token));

        Assert.All(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal("fake", (string?)JsonNode.Parse(line)!["node"]));
    }

    private JsonObject Document() => JsonNode.Parse(_output.ToString())!.AsObject();

    private void WriteMovieLens(string moreRatings = "")
    {
        _folder.Write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Animation\n11,\"American President, The (1995)\",Comedy\n");
        _folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,300\n7,11,3.0,100\n8,1,0.5,200\n" + moreRatings);
    }

    private void PrepareSlate() => _node.Answers["/v1/users/u1/recommendations?count=2&explain=true&metadata=true"] = """
        {"recommendationId":"r1","surface":"top-picks","degraded":true,"items":[{"titleId":"t1","rank":1,"score":0.5,"reason":"Because you watched [Gravity]",
         "parts":[{"name":"popularity","value":0.2},{"name":"taste","value":0.3,"titleId":"t2"}],"title":{"name":"Alien","releaseYear":1979,"genres":[]}}]}
        """;

    private Task<int> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    private Task<int> RunAsync(string[] arguments, string input) =>
        MarqueeCommand.RunAsync(arguments, Context(input), TestContext.Current.CancellationToken);

    private CommandContext Context(string input = "") => new()
    {
        Output = _output,
        Error = _error,
        CreateHandler = () => _node,
        QueryPatience = TimeSpan.Zero,
        OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
    };
}
