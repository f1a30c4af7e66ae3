using Marquee.Client;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Client;

/// <summary>The <c>marquee</c> command against a real node, with real kills.</summary>
public sealed class MarqueeCommandTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Training=false"]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Url => _node.Address.ToString();

    public async ValueTask InitializeAsync() => await _node.Start();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task EveryCommand_OneAfterTheOther_DoesItsWork()
    {
        using var sample = new SampleFolder(titles: 2_000, ratings: 3_000);

        var import = await MarqueeProcess.Run("import", sample.Path, "--url", Url, "--json");
        Assert.True(import.ExitCode == 0, import.ToString());
        Assert.Equal((2_000, 3_000), ((int)import.Document["titles"]!["accepted"]!, (int)import.Document["events"]!["accepted"]!));
        Assert.Equal("", import.Error);

        var again = await MarqueeProcess.Run("import", sample.Path, "--url", Url, "--what", "ratings", "--json");
        Assert.Equal((0, 3_000), ((int)again.Document["events"]!["accepted"]!, (int)again.Document["events"]!["duplicates"]!));

        var replay = await MarqueeProcess.Run("replay", sample.Path, "--url", Url, "--speed", "max", "--shift-to-now", "--json");
        Assert.True(replay.ExitCode == 0, replay.ToString());
        Assert.Equal(3_000, (int)replay.Document["events"]!["accepted"]!);

        var user = sample.EventsByUser.MaxBy(pair => pair.Value).Key;
        var recommend = await MarqueeProcess.Run("recommend", user, "--url", Url, "--count", "7", "--explain", "--json");
        Assert.Equal(7, recommend.Document["items"]!.AsArray().Count);
        Assert.All(recommend.Document["items"]!.AsArray(), item => Assert.NotEmpty(item!["title"]!["name"]!.ToString()));
        Assert.Contains("rank", (await MarqueeProcess.Run("recommend", user, "--url", Url, "--home")).Output, StringComparison.Ordinal);

        var status = await MarqueeProcess.Run("status", "--url", Url, "--json");
        Assert.Equal((6_000, 3_000), ((int)status.Document["events"]!["accepted"]!, (int)status.Document["events"]!["duplicates"]!));

        var busy = await MarqueeProcess.Run("log", "verify", "--data", _node.DataDirectory);
        Assert.Equal(2, busy.ExitCode);
        Assert.Equal(0, await _node.Stop());
        var verify = await MarqueeProcess.Run("log", "verify", "--data", _node.DataDirectory, "--json");
        Assert.True(verify.ExitCode == 0, verify.ToString());
        Assert.True((bool)verify.Document["sound"]!);

        var gone = await MarqueeProcess.Run("status", "--url", Url);
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains("dotnet run --project silo", gone.Error, StringComparison.Ordinal);
    }

    /// <summary>Serving and evaluation are one code path: the same stream through a node and through the engine in process is ranked alike.</summary>
    [Fact]
    public async Task Evaluate_OverHttp_HasTheQualityOfTheEngineInProcess()
    {
        using var sample = new SampleFolder(titles: 4_000, ratings: 5_000);

        var evaluation = await MarqueeProcess.Run("evaluate", sample.Path, "--url", Url, "--untrained", "--json");

        Assert.True(evaluation.ExitCode == 0, evaluation.ToString());
        var (inProcess, service) = (evaluation.Document["models"]![0]!, evaluation.Document["models"]![1]!);
        Assert.Equal(("marquee", "service"), ((string)inProcess["family"]!, (string)service["family"]!));
        Assert.Equal((int)inProcess["lists"]!, (int)service["lists"]!);
        Assert.True((double)inProcess["recall10"]! > 0.05, evaluation.ToString());
        Assert.Equal((double)inProcess["recall10"]!, (double)service["recall10"]!, 0.02);
        Assert.Equal((double)inProcess["recall50"]!, (double)service["recall50"]!, 0.03);
    }

    [Fact]
    public async Task Import_TheNodeIsKilledMeanwhile_EveryEventCountsOnce()
    {
        using var sample = new SampleFolder(titles: 1, ratings: 20_000);
        using var import = MarqueeProcess.Start("import", sample.Path, "--url", Url, "--what", "ratings", "--batch", "50", "--json");
        import.Input.Close();

        await _node.Eventually("v1/status", status => Events(status) > 2_000);
        await _node.Kill();
        await _node.Start();

        var result = await import.Finish();
        Assert.True(result.ExitCode == 0, result.ToString());
        var events = result.Document["events"]!;
        Assert.Equal(20_000, (int)events["accepted"]! + (int)events["duplicates"]!);
        Assert.True((int)result.Document["retries"]! > 0);
        await AssertHistories(sample);
        await _node.Kill();
        Assert.Equal(0, (await MarqueeProcess.Run("log", "verify", "--data", _node.DataDirectory)).ExitCode);
    }

    private static long Events(System.Text.Json.JsonElement status) => status.GetProperty("events").GetProperty("accepted").GetInt64();

    private async Task AssertHistories(SampleFolder sample)
    {
        var client = new MarqueeClient(_node.Http);
        await Parallel.ForEachAsync(sample.EventsByUser, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (user, cancellationToken) =>
        {
            var history = await client.GetHistoryAsync(user.Key, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
            Assert.Equal(user.Value, history.Count);
            Assert.Equal(user.Value, history.DistinctBy(item => item.EventId).Count());
        });
    }
}
