namespace Marquee.Cli.Chaos.Load;

/// <summary>The clients of a chaos run: each has users of its own and does one thing after the other, so that it knows what it must see.</summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    private const int Clients = 6;
    private const int Viewers = 2;

    /// <summary>Of those titles that are written; each viewer reads all of them.</summary>
    private const int WrittenTitles = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly RecordedApi _api;
    private readonly Task[] _running;

    /// <param name="api">Where calls go.</param>
    /// <param name="seed">Decides what clients do, not when they are answered.</param>
    public ChaosLoad(RecordedApi api, int seed) => (_api, _running) = (api,
    [
        .. Enumerable.Range(0, Clients).Select(i => Task.Run(() => new ChaosClient(api, i, new Random((seed * 100) + i)).RunAsync(_stop.Token))),
        .. Enumerable.Range(0, Viewers).Select(i => Task.Run(() => ViewAsync(api, i, new Random((seed * 100) + Clients + i), _stop.Token))),
    ]);

    /// <summary>Titles that events are about; they have to be in the catalogue for recommendations to mean anything.</summary>
    public static string[] Titles { get; } = [.. Enumerable.Range(0, 40).Select(i => $"title-{i}")];

    /// <summary>Users who only ask, and have a past.</summary>
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

    /// <summary>Asks for what everybody may ask for, mostly slates. The first one writes titles too: a title has one writer.</summary>
    private static async Task ViewAsync(RecordedApi api, int number, Random random, CancellationToken stop)
    {
        var versions = new int[WrittenTitles];
        for (var i = number; !stop.IsCancellationRequested; i++)
        {
            var (title, written) = (Titles[random.Next(Titles.Length)], random.Next(WrittenTitles));
            await (random.Next(20) switch
            {
                0 or 1 => api.HomeAsync(Watchers[i % Watchers.Length]),
                2 => api.SimilarAsync(title),
                3 => api.TrendingAsync(),
                4 or 5 => api.CountAsync(title),
                6 => api.ReadTitleAsync(Titles[written]),
                7 when number == 0 => api.UpsertAsync(Titles[written], ++versions[written]),
                _ => api.RecommendAsync(Watchers[i % Watchers.Length]),
            });
            await ChaosClient.PauseAsync(random, stop);
        }
    }
}
