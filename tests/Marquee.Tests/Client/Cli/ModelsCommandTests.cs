using System.Net;
using Marquee.Cli;
using Marquee.Tests.Client.Import;

namespace Marquee.Tests.Client.Cli;

public sealed class ModelsCommandTests : IDisposable
{
    private const string Versions =
        """
        {"current":"m2","versions":[
         {"version":"m2","current":true,"origin":"training","trainedUntil":"2026-02-28T12:00:00Z","events":1000,"publishedAt":"2026-03-01T12:01:00Z","titles":12,"replaced":"m1","forced":true,
          "trial":{"lists":300,"recall10":0.25,"ndcg10":0.05,"replaced":"m1","replacedRecall10":0.2,"replacedNdcg10":0.11,"standardError":0.01}},
         {"version":"m1","current":false,"origin":"upload","events":900,"publishedAt":"2026-03-01T11:01:00Z","titles":12,"replaced":"untrained"}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeNode _node = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_KeptVersions_AreATable()
    {
        _node.Answers["/v1/models"] = Versions;

        Assert.Equal(ExitCode.Success, await RunAsync("models", "list"));

        var lines = _output.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("* m2", StringComparison.Ordinal) || (line.Contains('*', StringComparison.Ordinal) && line.Contains("m2", StringComparison.Ordinal) && line.Contains(".0500 (.1100) forced", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("m1", StringComparison.Ordinal) && line.Contains("untrained", StringComparison.Ordinal) && !line.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_File_IsSentAndTold()
    {
        _node.Answers["/v1/models?force=true"] = """{"current":"m2","version":{"version":"m2","trial":{"lists":300,"recall10":0.25,"ndcg10":0.15,"replaced":"m1","replacedRecall10":0.2,"replacedNdcg10":0.11}}}""";

        Assert.Equal(ExitCode.Success, await RunAsync("models", "publish", _folder.Write("m.model", "MRQM"), "--force"));

        Assert.Equal("POST /v1/models?force=true", _node.Calls[^1]);
        Assert.Equal("MRQM", _node.Bodies[^1]);
        Assert.Contains("ranks with model m2", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("NDCG@10 .1500 against .1100 of m1", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WorseModel_SaysSoAndFails()
    {
        var file = _folder.Write("m.model", "MRQM");
        _node.OnCall = number =>
        {
            if (number == 2)
            {
                _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.Conflict, body: """{"type":"urn:marquee:problem:worse-model","title":"Worse","detail":"NDCG@10 .05 against .11."}"""));
            }
        };

        Assert.Equal(ExitCode.Findings, await RunAsync("models", "publish", file));

        Assert.Contains("NDCG@10 .05 against .11.", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models/rollback")]
    [InlineData("/v1/models/rollback?version=m1", "m1")]
    public async Task Rollback_Version_IsAskedFor(string address, params string[] version)
    {
        _node.Answers[address] = """{"current":"m1","version":{"version":"m1"}}""";

        Assert.Equal(ExitCode.Success, await RunAsync(["models", "rollback", .. version, "--json"]));

        Assert.Equal($"POST {address}", Assert.Single(_node.Calls));
        Assert.Contains("\"current\":\"m1\"", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name", "a b")]
    [InlineData("--name", "untrained")]
    [InlineData("--dimension", "12")]
    public async Task Train_NameOrDimensionThatCannotBe_IsWrongUsage(params string[] options)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(["train", _folder.Path, .. options]));

        Assert.Contains(options[0], _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => MarqueeCommand.RunAsync(
        arguments,
        new CommandContext { Output = _output, Error = _error, CreateHandler = () => _node },
        TestContext.Current.CancellationToken);
}
