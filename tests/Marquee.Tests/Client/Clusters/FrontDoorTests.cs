using System.Diagnostics;
using System.Net;
using Marquee.Cli.Clusters.FrontDoors;
using Marquee.Contracts.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Marquee.Tests.Client.Clusters;

/// <summary>The front door before two nodes that say who they are.</summary>
public sealed class FrontDoorTests : IAsyncLifetime
{
    private const int Partitions = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Uri Anywhere = new("http://127.0.0.1:0");

    private static readonly string ViewerOfFirst = Enumerable.Range(0, 100).Select(i => $"viewer-{i}").First(viewer => PartitionHash.Of("default", viewer, Partitions) % 2 == 0);

    private Node _first = null!;
    private Node _second = null!;
    private FrontDoor _door = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_first, _second) = (await Node.StartAsync(0), await Node.StartAsync(1));
        _door = await FrontDoor.StartAsync(Anywhere, [_first.Url, _second.Url]);
        _http = new HttpClient { BaseAddress = _door.Url, Timeout = Patience };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _door.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Get_OfAViewer_GoesToTheViewersNode_AndEverythingElseToEachInTurn()
    {
        for (var i = 0; i < 40; i++)
        {
            var viewer = $"viewer {i}";
            var node = PartitionHash.Of("default", viewer, Partitions) % 2;
            await Until(_http, $"v1/users/{Uri.EscapeDataString(viewer)}/home?count=3", node);
            await Until(_http, $"v1/users/{Uri.EscapeDataString(viewer)}", node);
        }

        var others = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            others.Add(await _http.GetStringAsync("v1/trending", Cancellation));
        }

        Assert.Equal(["node 0", "node 1"], others.Order());
    }

    [Fact]
    public async Task Get_TheViewersNodeIsNotReady_AnotherAnswers()
    {
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);
        _first.IsReady = false;
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 1);
        _first.IsReady = true;
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Send_NoNodeIsReady_IsRefusedForAWhile(string method)
    {
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);
        _first.IsReady = _second.IsReady = false;
        var clock = Stopwatch.StartNew();
        HttpResponseMessage answer;
        do
        {
            Assert.True(clock.Elapsed < Patience, "Nodes that are not ready are still asked.");
            answer = await _http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "v1/anything"), Cancellation);
        }
        while (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Get_TheNodeFreezesMeanwhile_AnotherAnswers()
    {
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);
        _first.IsFrozen = true;

        Assert.Equal("node 1", await _http.GetStringAsync($"v1/users/{ViewerOfFirst}/home", Cancellation));
    }

    [Fact]
    public async Task Get_TheNodeIsNotReadyAnyMoreMeanwhile_AnotherIsAsked()
    {
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);
        var asked = _http.GetStringAsync($"v1/users/{ViewerOfFirst}/waits", Cancellation);
        await _first.Waits;
        _first.IsReady = false;

        Assert.Equal("node 1", await asked);
    }

    [Fact]
    public async Task Get_TheNodeTakesLongButLives_ItsAnswerIsWaitedFor()
    {
        await Until(_http, $"v1/users/{ViewerOfFirst}/home", 0);

        Assert.Equal("node 0 at last", await _http.GetStringAsync($"v1/users/{ViewerOfFirst}/slow", Cancellation));
    }

    [Fact]
    public async Task Post_TheNodeFreezesMeanwhile_IsGivenUpWithoutBeingSentAgain()
    {
        _first.IsFrozen = _second.IsFrozen = true;
        using var answer = await _http.PostAsync("v1/events", new StringContent("[]"), Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(1, _first.Posts + _second.Posts);
    }

    [Fact]
    public async Task Get_DoorThatKnowsNoViewers_SpreadsThemToo()
    {
        await using var door = await FrontDoor.StartAsync(Anywhere, [_first.Url, _second.Url], knowsViewers: false);
        using var http = new HttpClient { BaseAddress = door.Url, Timeout = Patience };
        await Until(http, "v1/users/ada/home", 0, inARow: 1);
        await Until(http, "v1/users/ada/home", 1, inARow: 1);
    }

    /// <summary>Asks until a node answers several times in a row: a door that has just been opened, or that a node has just left, knows only after a while.</summary>
    private static async Task Until(HttpClient http, string path, int node, int inARow = 5)
    {
        var clock = Stopwatch.StartNew();
        for (var seen = 0; seen < inARow;)
        {
            seen = await http.GetStringAsync(path, Cancellation) == $"node {node}" ? seen + 1 : 0;
            Assert.True(clock.Elapsed < Patience, $"{path} does not come to node {node}.");
        }
    }

    /// <summary>Says its number; runs every other partition.</summary>
    private sealed class Node(WebApplication app) : IAsyncDisposable
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Uri Url => new(app.Urls.First());

        /// <summary>Completes when it has been asked for what it does not answer.</summary>
        public Task Waits => _waits.Task;

        public bool IsReady { get; set; } = true;

        public bool IsFrozen { get; set; }

        public int Posts { get; private set; }

        public static async Task<Node> StartAsync(int number)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var node = new Node(app);
            app.Use(async (context, next) =>
            {
                node.Posts += HttpMethods.IsPost(context.Request.Method) ? 1 : 0;
                if (node.IsFrozen)
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                await next(context);
            });
            app.MapGet("/health/ready", () => node.IsReady ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
            app.MapGet("/v1/status", () => Results.Json(new
            {
                node = $"S{number}",
                tenant = "default",
                partitions = Enumerable.Range(0, Partitions).Select(partition => new { partition, silo = $"S{partition % 2}" }),
            }));
            app.MapGet("v1/users/{userId}/slow", async (CancellationToken cancelled) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(4), cancelled);
                return $"node {number} at last";
            });
            app.MapGet("v1/users/{userId}/waits", async (CancellationToken cancelled) =>
            {
                node._waits.TrySetResult();
                if (number == 0)
                {
                    await Task.Delay(Timeout.Infinite, cancelled);
                }

                return $"node {number}";
            });
            app.MapGet("{**path}", () => $"node {number}");
            await app.StartAsync(Cancellation);
            return node;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
