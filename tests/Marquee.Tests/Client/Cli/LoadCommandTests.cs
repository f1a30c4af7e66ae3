using System.Text.Json.Nodes;
using Marquee.Cli;

namespace Marquee.Tests.Client.Cli;

public sealed class LoadCommandTests
{
    private static readonly string[] SmallWorld = ["load", "--json", "--users", "50", "--titles", "30", "--past", "2", "--warm-up", "0"];

    private readonly FakeNode _node = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Load_EventsOnly_PublishesTheWorldAndSendsEachEventOnce()
    {
        Assert.Equal(ExitCode.Success, await RunAsync([.. SmallWorld, "--rate", "batch=200,event=200", "--batch", "7", "--count", "40"]));

        var report = Document();
        Assert.Equal(30, _node.Titles.Count);
        Assert.Equal(100, _node.Events.Count(engagement => IdOf(engagement).StartsWith("w1-past-", StringComparison.Ordinal)));
        var sent = _node.Events.Where(engagement => !IdOf(engagement).StartsWith("w1-past-", StringComparison.Ordinal)).ToArray();
        Assert.Equal((20 * 7) + 20, sent.Length);
        Assert.Equal(sent.Length, sent.DistinctBy(IdOf).Count());
        Assert.All(sent, engagement => Assert.True(_node.Titles.ContainsKey((string)engagement["titleId"]!)));
        Assert.All(sent, engagement => Assert.Equal((string?)engagement["type"] == "rate", engagement.ContainsKey("value")));
        Assert.Equal([("batch", 20, 140), ("event", 20, 20)], report["load"]!["kinds"]!.AsArray().Select(kind => ((string)kind!["kind"]!, (int)kind["answered"]!, (int)kind["events"]!["accepted"]!)));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Load_Reads_AskForUsersAndTitlesOfTheWorld()
    {
        // The fake knows none of these addresses, which is a finding.
        Assert.Equal(ExitCode.Findings, await RunAsync([.. SmallWorld, "--published", "--rate", "200", "--mix", "recommend=1,home=1,similar=1,trending=1", "--count", "40"]));

        string[] reads = [.. _node.Calls.Where(call => call != "GET /v1/status")];
        Assert.Equal(40, reads.Length);
        Assert.All(reads, call => Assert.Matches("^GET /v1/(users/w1-u[0-9]+/(recommendations|home)|titles/w1-t[0-9]+/similar|trending)$", call));
        Assert.Equal(10, reads.Count(call => call.EndsWith("/home", StringComparison.Ordinal)));
        Assert.Equal("404 Not found", (string?)Document()["load"]!["complaints"]![0]!["message"]);
    }

    [Fact]
    public async Task Load_AllOfItOnOneTitle_SendsItTheTitle()
    {
        await RunAsync([.. SmallWorld, "--published", "--rate", "event=200", "--count", "30", "--hot-title", "1"]);

        Assert.Equal(30, _node.Events.Count);
        Assert.Single(_node.Events.DistinctBy(engagement => (string?)engagement["titleId"]));
    }

    [Fact]
    public async Task Load_TitlesOfTheNode_UsesThoseAndPublishesNone()
    {
        _node.Answers["/v1/titles?limit=1000"] = """{"items":[{"titleId":"a","name":"A","genres":["Drama"]}],"next":"1"}""";
        _node.Answers["/v1/titles?limit=1000&cursor=1"] = """{"items":[{"titleId":"b","name":"B"}]}""";

        await RunAsync(["load", "--json", "--node-titles", "--users", "50", "--past", "0", "--warm-up", "0", "--rate", "batch=100", "--count", "3"]);

        Assert.Empty(_node.Titles);
        Assert.Equal(["a", "b"], _node.Events.Select(engagement => (string)engagement["titleId"]!).Distinct().Order());
    }

    [Fact]
    public async Task Load_Profile_TellsTheCostOfEachKind()
    {
        Assert.Equal(ExitCode.Success, await RunAsync([.. SmallWorld, "--published", "--rate", "batch=50,event=50", "--count", "10", "--profile", "0.1"]));

        var costs = Document()["profile"]!.AsArray();
        Assert.Equal(["batch", "event"], costs.Select(cost => (string?)cost!["kind"]));
        Assert.All(costs, cost => Assert.Equal(5, (int)cost!["calls"]!));
        Assert.NotNull(Document()["idle"]);
    }

    [Fact]
    public async Task Load_NodeIsNotReady_SaysWhatItDoes()
    {
        _node.Answers["/v1/status"] = """{"node":"fake","ready":false,"activity":"loading the sample, 40 %"}""";

        Assert.Equal(ExitCode.Unavailable, await RunAsync(SmallWorld));

        Assert.Contains("is not ready: loading the sample, 40 %", (string)Document()["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(["GET /v1/status"], _node.Calls);
    }

    [Fact]
    public async Task Load_Interrupted_ReportsWhatWasMeasured()
    {
        using var interrupt = new CancellationTokenSource();
        _node.OnCall = number =>
        {
            if (number == 20)
            {
                interrupt.Cancel();
            }
        };

        Assert.Equal(ExitCode.Interrupted, await RunAsync([.. SmallWorld, "--published", "--rate", "event=200"], interrupt.Token));

        var report = Document();
        Assert.Equal("interrupted", (string?)report["failure"]!["kind"]);
        Assert.Equal(_node.Events.Count, (int)report["load"]!["kinds"]![0]!["answered"]!);
        Assert.True((int)report["load"]!["kinds"]![0]!["due"]! < 30 * 200);
    }

    private static string IdOf(JsonObject engagement) => (string)engagement["eventId"]!;

    private JsonNode Document() => JsonNode.Parse(_output.ToString())!;

    private Task<int> RunAsync(string[] arguments, CancellationToken interrupted = default) => MarqueeCommand.RunAsync(
        arguments,
        new CommandContext { Output = _output, Error = _error, CreateHandler = () => _node, QueryPatience = TimeSpan.Zero },
        interrupted);
}
