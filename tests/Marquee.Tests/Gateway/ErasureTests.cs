using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Microsoft.Extensions.DependencyInjection;
using static Marquee.Tests.Gateway.FakePeers;

namespace Marquee.Tests.Gateway;

/// <summary>What the gateway keeps of a viewer's answers is gone with the erasure, wherever it is and however it comes back.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Recommendations = "/v1/users/u1/recommendations?count=2";
    private const string HomePage = "/v1/users/u1/home";

    private readonly FakePeers _peers = new();
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(replace: services => services.AddSingleton<IPeerAnswers>(_peers));
        _host.Grains.Partitions.ErasureOffset = Before.Offset + 1;
        _host.Grains.Users.Recommend = _ => Task.FromResult(SlateAt(Before));
        _host.Grains.Users.Home = _ => Task.FromResult(HomeAt(Before));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Erase_AnswersWereKept_AreNotGivenAgain()
    {
        await _host.GetAsync(Recommendations);
        await _host.GetAsync(HomePage);
        await EraseAsync();
        FailGrain();

        Assert.Equal(("popular", "popular"), await SourcesAsync());
    }

    /// <remarks>Another viewer's are.</remarks>
    [Fact]
    public async Task Erase_AnswersOfAnotherWereKept_AreGivenAgain()
    {
        await _host.GetAsync("/v1/users/u2/recommendations?count=2");
        await EraseAsync();
        FailGrain();

        Assert.Equal("cached", SourceOf(await _host.GetAsync("/v1/users/u2/recommendations?count=2")));
    }

    /// <remarks>The grain ranked before the erasure, and its answer comes after it.</remarks>
    [Fact]
    public async Task Erase_AnAnswerIsOnItsWay_IsNotKept()
    {
        var ranking = new TaskCompletionSource<Slate>();
        var asked = new TaskCompletionSource();
        _host.Grains.Users.Recommend = _ =>
        {
            asked.SetResult();
            return ranking.Task;
        };
        var pending = _host.GetAsync(Recommendations);
        await asked.Task;
        await EraseAsync();
        ranking.SetResult(SlateAt(Before));
        await pending;
        FailGrain();

        Assert.Equal("popular", (await SourcesAsync()).Slate);
    }

    [Fact]
    public async Task Erase_AnotherNodeStillHasAnAnswer_IsNotTakenFromThere()
    {
        await EraseAsync();
        _peers.Kept = Before;
        FailGrain();

        Assert.Equal(("popular", "popular"), await SourcesAsync());
    }

    /// <remarks>The viewer came back: what is kept then is the viewer's own again.</remarks>
    [Fact]
    public async Task Get_GrainFailsAfterItAnsweredAnErasedViewer_GivesThatAnswerAgain()
    {
        await EraseAsync();
        var after = Before with { Offset = Before.Offset + 2 };
        _host.Grains.Users.Recommend = _ => Task.FromResult(SlateAt(after));
        await _host.GetAsync(Recommendations);
        FailGrain();

        Assert.Equal("cached", (await SourcesAsync()).Slate);
    }

    /// <remarks>Its grain may not have been told in time: it is asked for the erasure, and if it does not know of it, not shown.</remarks>
    [Fact]
    public async Task Get_GrainLagsBehindTheErasure_ItsAnswerIsNotShown()
    {
        await EraseAsync();
        _host.Grains.Users.History = () => Task.FromResult(new HistoryPage([], null, Before, Degraded: true));

        Assert.Equal(("popular", "popular"), await SourcesAsync());
        Assert.Equal(503, (await _host.GetAsync("/v1/users/u1/history")).Status);
        var erasure = Before with { Epoch = 1, Offset = Before.Offset + 1 };
        Assert.Equal(erasure, Assert.Single(_host.Grains.Users.Asked).Request.After);
        Assert.Equal(erasure, Assert.Single(_host.Grains.Users.Homes).After);
        Assert.Equal(erasure, Assert.Single(_host.Grains.Users.Histories).After);
    }

    [Fact]
    public async Task Erase_AnotherNodeCannotBeTold_IsNotSaidToBeDone()
    {
        _peers.Forget = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation);
        var answer = await _host.InTime(_host.SendAsync(HttpMethod.Delete, "/v1/users/u1"));

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Erase_Done_EveryOtherNodeWasTold()
    {
        await EraseAsync();

        Assert.Equal([("u1", Before with { Epoch = 1, Offset = Before.Offset + 1 })], _peers.Told);
    }

    /// <remarks>One that was declared dead and does not know it is not told of erasures.</remarks>
    [Fact]
    public async Task Get_NodeDoesNotKnowThatItTakesPart_GivesNothingAgain()
    {
        await _host.GetAsync(Recommendations);
        await _host.GetAsync(HomePage);
        FailGrain();
        _peers.TakesPart = false;
        Assert.Equal(("popular", "popular"), await SourcesAsync());

        _peers.TakesPart = true;
        Assert.Equal(("cached", "cached"), await SourcesAsync());
    }

    /// <remarks>The wall clock may be set back; what is kept ages all the same.</remarks>
    [Fact]
    public async Task Get_KeptForLongerThanAnswersAreKept_IsNotGivenAgain()
    {
        await _host.GetAsync(Recommendations);
        FailGrain();
        _host.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("popular", (await SourcesAsync()).Slate);
    }

    private async Task EraseAsync() => Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, "/v1/users/u1")).Status);

    private void FailGrain()
    {
        _host.Grains.Users.Recommend = _ => throw new SiloUnavailableException();
        _host.Grains.Users.Home = _ => throw new SiloUnavailableException();
    }

    private async Task<(string? Slate, string? Home)> SourcesAsync()
    {
        var home = await _host.GetAsync(HomePage);
        return (SourceOf(await _host.GetAsync(Recommendations)), home.Json.GetProperty("rows")[0].GetProperty("source").GetString());
    }

    private static string? SourceOf(Answer answer) => answer.Json.GetProperty("source").GetString();
}

/// <summary>The cluster's other nodes.</summary>
internal sealed class FakePeers : IPeerAnswers
{
    /// <summary>Where the viewer's partition stood before the erasure.</summary>
    public static LogPosition Before { get; } = new(51, 2, 40);

    /// <summary>Up to where an answer goes that they have; null when they have none.</summary>
    public LogPosition? Kept { get; set; }

    public bool TakesPart { get; set; } = true;

    public List<(string UserId, LogPosition Erasure)> Told { get; } = [];

    public Func<string, CancellationToken, Task> Forget { get; set; } = (_, _) => Task.CompletedTask;

    public static Slate SlateAt(LogPosition position) => new()
    {
        RecommendationId = "r-1",
        Surface = "top-picks",
        ModelVersion = "m-1",
        Position = position,
        Source = "personal",
        Items = [new SlateItem { TitleId = "t1", Rank = 1, Score = 1, Reason = "Because you watched Gravity" }],
    };

    public static Home HomeAt(LogPosition position) => new(position, false, [new HomeRow("top", "For you", SlateAt(position))]);

    public Task<Slate?> FindAsync(string userId, SlateRequest request) => Task.FromResult(Kept is { } kept ? SlateAt(kept) : null);

    public Task<Home?> FindAsync(string userId, HomeRequest request) => Task.FromResult(Kept is { } kept ? HomeAt(kept) : null);

    public Task ForgetAsync(string userId, LogPosition erasure, CancellationToken cancellationToken)
    {
        Told.Add((userId, erasure));
        return Forget(userId, cancellationToken);
    }

    public Task<bool> TakesPartAsync() => Task.FromResult(TakesPart);
}
