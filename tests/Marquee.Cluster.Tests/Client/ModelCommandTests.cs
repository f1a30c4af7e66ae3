using Marquee.Cluster.Tests.Nodes;
using Marquee.Engine.Models;

namespace Marquee.Cluster.Tests.Client;

/// <summary>A model's whole way: trained from files, published to a running node, judged there, rolled back.</summary>
public sealed class ModelCommandTests : IAsyncLifetime
{
    /// <summary>Titles without metadata would be stubs on the node, and titles all the same in the files.</summary>
    private const int AllTitles = 12_611;

    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Training=false"]);
    private readonly string _folder = Directory.CreateTempSubdirectory("marquee-model-").FullName;

    private string Url => _node.Address.ToString();

    public async ValueTask InitializeAsync() => await _node.Start();

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task TrainPublishRollBack_OnRealData_ChangesWhatTheNodeRanksWith()
    {
        using var sample = new SampleFolder(AllTitles, ratings: 6_000);
        var import = await MarqueeProcess.Run("import", sample.Path, "--url", Url, "--json");
        Assert.True(import.ExitCode == 0, import.ToString());
        var user = sample.EventsByUser.MaxBy(static pair => pair.Value).Key;
        Assert.Equal("untrained", await ModelOf(user));

        // Trained from the files, it ranks the last day better than the ranker that comes with the program.
        var file = Path.Combine(_folder, "first.model");
        var train = await MarqueeProcess.Run("train", sample.Path, "--output", file, "--name", "first", "--json");
        Assert.True(train.ExitCode == 0, train.ToString());
        Assert.True((double)train.Document["trial"]!["ndcg10"]! > (double)train.Document["trial"]!["untrainedNdcg10"]!, train.ToString());

        var published = await MarqueeProcess.Run("models", "publish", file, "--url", Url, "--json");
        Assert.True(published.ExitCode == 0, published.ToString());
        var trial = published.Document["version"]!["trial"]!;
        Assert.False((bool)trial["hasSeenPeriod"]!);
        Assert.Equal((double)train.Document["trial"]!["ndcg10"]!, (double)trial["ndcg10"]!, 0.03);
        Assert.Equal("first", await ModelOf(user));

        // The same model with every weight turned round is deliberately bad, and says so with both figures.
        var bad = Path.Combine(_folder, "bad.model");
        await File.WriteAllBytesAsync(bad, PublishedModelCodec.ToBytes(TurnedRound(PublishedModelCodec.FromBytes(await File.ReadAllBytesAsync(file)))), TestContext.Current.CancellationToken);
        var refused = await MarqueeProcess.Run("models", "publish", bad, "--url", Url);
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches(@"bad ranks the last day of the stream worse than first.*NDCG@10 \.\d{4} against \.\d{4}.*force=true", refused.Error.ReplaceLineEndings(" "));
        Assert.Equal("first", await ModelOf(user));

        var forced = await MarqueeProcess.Run("models", "publish", bad, "--force", "--url", Url);
        Assert.True(forced.ExitCode == 0, forced.Error);
        Assert.Equal("bad", await ModelOf(user));

        var back = await MarqueeProcess.Run("models", "rollback", "--url", Url);
        Assert.True(back.ExitCode == 0, back.Error);
        Assert.Equal("first", await ModelOf(user));
        Assert.Contains("forced", (await MarqueeProcess.Run("models", "list", "--url", Url)).Output, StringComparison.Ordinal);

        await _node.Kill();
        await _node.Start();
        await _node.Eventually("v1/status", status => status.GetProperty("catalogue").GetProperty("modelVersion").GetString() == "first");
    }

    /// <summary>What the node trains by itself passes the same comparison, and its version tells which part of the log it knows.</summary>
    [Fact]
    public async Task BackgroundTraining_EnoughEvents_PublishesAVersionWithItsFigures()
    {
        using var sample = new SampleFolder(AllTitles, ratings: 6_000);
        var import = await MarqueeProcess.Run("import", sample.Path, "--url", Url, "--json");
        Assert.True(import.ExitCode == 0, import.ToString());
        Assert.Equal(0, await _node.Stop());

        await using var trains = new NodeProcess(["--Marquee:Sample=none"], _node.DataDirectory);
        await trains.Start();
        var models = await trains.Eventually("v1/models", static models => models.GetProperty("versions").GetArrayLength() > 0, TimeSpan.FromMinutes(2));

        var version = models.GetProperty("versions")[0];
        Assert.Equal(("training", 6_000), (version.GetProperty("origin").GetString(), version.GetProperty("logPosition").GetInt64()));
        Assert.InRange(version.GetProperty("events").GetInt64(), 4_800, 5_999);
        var trial = version.GetProperty("trial");
        Assert.False(trial.GetProperty("hasSeenPeriod").GetBoolean());
        Assert.True(trial.GetProperty("ndcg10").GetDouble() >= trial.GetProperty("replacedNdcg10").GetDouble() - trial.GetProperty("standardError").GetDouble());
    }

    private static PublishedModel TurnedRound(PublishedModel model) => model with
    {
        Version = "bad",
        Ranker = new AdditiveRanker(
            model.Ranker.Features,
            model.Ranker.Contexts,
            [.. model.Ranker.CandidateWeights.Select(static weight => -weight)],
            [.. model.Ranker.RankingWeights.Select(static weight => -weight)]),
    };

    private async Task<string?> ModelOf(string user) => (await _node.Get($"v1/users/{user}/recommendations?count=5")).GetProperty("modelVersion").GetString();
}
