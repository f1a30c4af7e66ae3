namespace Marquee.Cli.Chaos.Load;

/// <summary>The clients of a chaos run: each has users of its own and does one thing after the other, so that it knows what it must see.</summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    private const int Clients = 6;
    private const int Recommenders = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly RecordedApi _api;
    private readonly Task[] _running;

    /// <param name="api">Where calls go.</param>
    /// <param name="seed">Decides what clients do, not when they are answered.</param>
    public ChaosLoad(RecordedApi api, int seed) => (_api, _running) = (api,
    [
        .. Enumerable.Range(0, Clients).Select(i => Task.Run(() => new ChaosClient(api, i, new Random((seed * 100) + i)).RunAsync(_stop.Token))),
        .. Enumerable.Range(0, Recommenders).Select(i => Task.Run(() => RecommendAsync(api, i, new Random((seed * 100) + Clients + i), _stop.Token))),
    ]);

    /// <summary>Titles that events are about; they have to be in the catalogue for recommendations to mean anything.</summary>
    public static string[] Titles { get; } = [.. Enumerable.Range(0, 40).Select(i => $"title-{i}")];

    /// <summary>Users who only ask for recommendations, and have a past.</summary>
    public static string[] Watchers { get; } = [.. Enumerable.Range(0, 40).Select(i => $"watcher-{i}")];

    /// <summary>Lets every client end what it does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    /// <summary>Ends them; what is under way is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _api.Abandon();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private static async Task RecommendAsync(RecordedApi api, int number, Random random, CancellationToken stop)
    {
        for (var i = number; !stop.IsCancellationRequested; i++)
        {
            await api.RecommendAsync(Watchers[i % Watchers.Length]);
            await ChaosClient.PauseAsync(random, stop);
        }
    }
}
