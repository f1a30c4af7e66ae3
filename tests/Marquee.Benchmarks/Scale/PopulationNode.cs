using System.Diagnostics;
using System.Net;
using System.Text;
using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;

namespace Marquee.Benchmarks.Scale;

/// <summary>The node of <see cref="PopulationBenchmark"/>, in its own process.</summary>
internal static class PopulationNode
{
    private const int Batch = 500;
    private const int Posts = 4;
    private const int MostTries = 60;

    /// <summary>As many as rankings at once: more would only wait, and be refused.</summary>
    private static readonly int Rankings = Environment.ProcessorCount;

    /// <summary>
    /// The neighbours of 100,000 titles are gathered some hundreds at a time, with rests four times as long between: that takes
    /// minutes, or hours on a busy machine, and adds little to what is measured.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(4);

    /// <summary>Rankings end after this time; the other viewers are up all the same.</summary>
    private static readonly TimeSpan RankingTime = TimeSpan.FromSeconds(30);

    public static async Task<PopulationMemory> Run(string directory)
    {
        await using var node = await BenchmarkNode.StartBare(directory);
        var ready = FastestOf.HeapBytes();
        Report.Progress($"{PopulationBenchmark.Titles:N0} titles");
        await Publish(node);
        var published = FastestOf.HeapBytes();
        Report.Progress($"an event of each of {PopulationBenchmark.Active:N0} viewers");
        await BringUp(node);
        Report.Progress("recommendations");
        var recommended = await Recommend(node);
        Report.Progress("until the last neighbours are gathered");
        var stoodStill = await BenchmarkNode.StandStill(node.Replica, LongestWait);
        var workingSet = Environment.WorkingSet;
        var heap = FastestOf.HeapBytes();
        return new PopulationMemory(
            ready,
            (published - ready) / (double)PopulationBenchmark.Titles,
            (heap - published) / (double)PopulationBenchmark.Active,
            recommended,
            stoodStill,
            workingSet,
            Environment.WorkingSet,
            heap);
    }

    private static async Task Publish(BenchmarkNode node)
    {
        var world = new GeneratedWorld(15);
        var feed = node.Grains.GetGrain<ICatalogueFeedGrain>("default");
        long version = 0;
        foreach (var chunk in Enumerable.Range(0, PopulationBenchmark.Titles).Chunk(1_000))
        {
            var written = await feed.Upsert([.. chunk.Select(title => Message(world, title))]);
            version = written.Outcome == CatalogueWriteOutcome.Written ? written.Version : throw new InvalidOperationException($"Titles were not published: {written.Outcome}, {written.Reason}");
        }

        if (!await node.Replica.WaitFor(version, TimeSpan.FromMinutes(3)))
        {
            throw new TimeoutException("The replica did not follow.");
        }

        await BenchmarkNode.StandStill(node.Replica, LongestWait);
    }

    private static TitleMessage Message(GeneratedWorld world, int title)
    {
        var metadata = world.Metadata(title);
        return new TitleMessage
        {
            TitleId = metadata.TitleId,
            Name = metadata.Name,
            ReleaseYear = metadata.ReleaseYear,
            Genres = [.. metadata.Genres],
            Languages = [.. metadata.Languages],
            People = [.. metadata.People],
        };
    }

    private static async Task BringUp(BenchmarkNode node)
    {
        using var http = new HttpClient();
        var batches = PopulationBenchmark.Active / Batch;
        await Parallel.ForAsync(0, batches, new ParallelOptions { MaxDegreeOfParallelism = Posts }, async (number, cancellation) =>
        {
            var events = Enumerable.Range(number * Batch, Batch)
                .Select(i => $$"""{"eventId":"now-{{i}}","userId":"{{PreparedStore.UserId(i)}}","titleId":"{{GeneratedWorld.TitleId(i % PopulationBenchmark.Titles)}}","type":"complete"}""");
            var body = $"[{string.Join(',', events)}]";
            for (var tries = 1; !await Post(http, node, body, mayBeRefused: tries < MostTries, cancellation); tries++)
            {
                await Task.Delay(500, cancellation);
            }
        });
    }

    /// <summary>False when the node had no time for it and asked to come again.</summary>
    private static async Task<bool> Post(HttpClient http, BenchmarkNode node, string body, bool mayBeRefused, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{node.Address}v1/events", content, cancellation);
        if (mayBeRefused && answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            return false;
        }

        answer.EnsureSuccessStatusCode();
        return true;
    }

    private static async Task<int> Recommend(BenchmarkNode node)
    {
        var request = new SlateRequest { Surface = "top-picks", Count = 20 };
        var clock = Stopwatch.StartNew();
        var next = -1;
        var recommended = 0;
        await Task.WhenAll(Enumerable.Range(0, Rankings).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var viewer && viewer < PopulationBenchmark.Active && clock.Elapsed < RankingTime)
            {
                await node.Grains.GetGrain<IUserGrain>($"default/{PreparedStore.UserId(viewer)}").Recommend(request);
                Interlocked.Increment(ref recommended);
            }
        })));
        return recommended;
    }
}
