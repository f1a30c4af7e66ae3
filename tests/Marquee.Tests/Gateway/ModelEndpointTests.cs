using Marquee.Contracts.Models;
using Marquee.Gateway;

namespace Marquee.Tests.Gateway;

public sealed class ModelEndpointTests : IAsyncLifetime
{
    private const string Bytes = "application/octet-stream";

    private static readonly ModelVersion Version = new()
    {
        Version = "m2",
        Origin = ModelOrigin.Training,
        TrainedAt = 1_772_366_400_000,
        TrainedUntil = 1_772_280_000_000,
        Events = 1_000,
        LogPosition = 1_200,
        PublishedAt = 1_772_366_460_000,
        Bytes = 4_096,
        Titles = 12,
        Trial = new ModelTrialFigures(300, 0.25, 0.15, "m1", 0.2, 0.11, 0.01, false),
        Replaced = "m1",
        StoreKey = "default/m2/1",
        Hash = 7,
    };

    private GatewayHost _host = null!;

    private FakeModels Models => _host.Grains.Models;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_KeptVersions_AreShownWhole()
    {
        Models.Known = () => new ModelList("m2", 5, [Version, Version with { Version = "m1", Origin = ModelOrigin.Upload, TrainedAt = 0, TrainedUntil = 0, LogPosition = null, Trial = null, Forced = true, Replaced = "untrained" }]);

        Assert.Equal(
            """
            {"current":"m2","versions":[{"version":"m2","current":true,"origin":"training","trainedAt":"2026-03-01T12:00:00Z","trainedUntil":"2026-02-28T12:00:00Z","events":1000,
            "logPosition":1200,"publishedAt":"2026-03-01T12:01:00Z","bytes":4096,"titles":12,"replaced":"m1","forced":false,
            "trial":{"lists":300,"recall10":0.25,"ndcg10":0.15,"replaced":"m1","replacedRecall10":0.2,"replacedNdcg10":0.11,"standardError":0.01,"hasSeenPeriod":false}},
            {"version":"m1","current":false,"origin":"upload","events":1000,"publishedAt":"2026-03-01T12:01:00Z","bytes":4096,"titles":12,"replaced":"untrained","forced":true}]}
            """.ReplaceLineEndings(""),
            (await _host.GetAsync("/v1/models")).Text);
    }

    [Fact]
    public async Task Get_RegistryDoesNotAnswer_IsUnavailable() => Assert.Equal(503, (await _host.GetAsync("/v1/models")).Status);

    [Fact]
    public async Task Post_Model_IsPublishedAndAwaited()
    {
        Models.Answer = () => Task.FromResult(new ModelChange(ModelOutcome.Done, "m2", Version, 9, null));

        var answer = await Post("/v1/models?force=true");

        Assert.Equal((200, "m2"), (answer.Status, answer.Json.GetProperty("version").GetProperty("version").GetString()));
        Assert.Equal([(3, true)], Models.Published);
        Assert.Equal([9], Models.Awaited);
    }

    [Theory]
    [InlineData(ModelOutcome.NotAModel, 400, "invalid-request")]
    [InlineData(ModelOutcome.Worse, 409, "worse-model")]
    [InlineData(ModelOutcome.VersionTaken, 409, "model-conflict")]
    [InlineData(ModelOutcome.Overtaken, 409, "model-conflict")]
    [InlineData(ModelOutcome.Busy, 429, "overloaded")]
    [InlineData(ModelOutcome.NoSuchVersion, 404, "not-found")]
    [InlineData(ModelOutcome.Unavailable, 503, "unavailable")]
    public async Task Post_Refused_SaysWhy(ModelOutcome outcome, int status, string type)
    {
        Models.Answer = () => Task.FromResult(new ModelChange(outcome, "m1", null, 9, "NDCG@10 .0500 against .1000."));

        var answer = await Post("/v1/models");

        Assert.Equal((status, type), (answer.Status, answer.ProblemType));
        Assert.Contains("NDCG@10 .0500 against .1000.", answer.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Empty(Models.Awaited);
    }

    [Fact]
    public async Task Post_NoAnswer_IsAnUnknownOutcome() => Assert.Equal("outcome-unknown", (await Post("/v1/models")).ProblemType);

    [Fact]
    public async Task Post_OtherMediaTypeOrFlag_IsRefusedUnread()
    {
        Assert.Equal(415, (await _host.PostAsync("/v1/models", "{}")).Status);
        Assert.Equal(["force"], (await Post("/v1/models?force=1")).Fields);
        Assert.Empty(Models.Published);
    }

    [Fact]
    public async Task Post_TooLarge_IsRefused()
    {
        using var content = new StreamContent(new MemoryStream(new byte[GatewayLimits.ModelBytes + 1]));
        content.Headers.ContentType = new(Bytes);
        using var response = await _host.Client.PostAsync("/v1/models", content, TestContext.Current.CancellationToken);

        Assert.Equal(413, (int)response.StatusCode);
        Assert.Empty(Models.Published);
    }

    [Fact]
    public async Task Post_WhileAnotherIsPublished_IsOverloaded()
    {
        var slow = new TaskCompletionSource<ModelChange>();
        var begun = new TaskCompletionSource();
        Models.Answer = () =>
        {
            begun.TrySetResult();
            return slow.Task;
        };
        var first = Post("/v1/models");
        await begun.Task;

        Assert.Equal(429, (await Post("/v1/models")).Status);

        slow.SetResult(new ModelChange(ModelOutcome.Done, "m2", Version, 9, null));
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await Post("/v1/models")).Status);
    }

    [Theory]
    [InlineData("/v1/models/rollback", null)]
    [InlineData("/v1/models/rollback?version=m1", "m1")]
    public async Task PostRollback_Version_IsPassedOn(string path, string? version)
    {
        Models.Answer = () => Task.FromResult(new ModelChange(ModelOutcome.Done, "untrained", null, 10, null));

        var answer = await _host.SendAsync(HttpMethod.Post, path);

        Assert.Equal((200, """{"current":"untrained"}"""), (answer.Status, answer.Text));
        Assert.Equal([version], Models.RolledBack);
    }

    private Task<Answer> Post(string path) => _host.SendAsync(HttpMethod.Post, path, [1, 2, 3], Bytes);
}
