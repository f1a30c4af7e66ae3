using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Nodes that come and go in order, and are replaced by those of the next build, under load: nothing fails, nothing is lost or doubled, partitions spread evenly.</summary>
public sealed class RollingRestartTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>No node holds more than this times its share of the partitions.</summary>
    private const double MostOfShare = 1.4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddAndUpgrade_EveryNodeUnderLoad_NothingFailsAndPartitionsStayBalanced()
    {
        using var next = await NextBuild.Make(Cancellation);
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 2, ClusterTests.Options);
        using var balancer = new LoadBalancer(cluster);
        using var http = new HttpClient(balancer, disposeHandler: false) { BaseAddress = new Uri("http://cluster"), Timeout = TimeSpan.FromSeconds(60) };
        await balancer.UntilReady(2);
        await cluster.Nodes[0].AddTitles(30);

        var ledger = new AcknowledgementLedger();
        var failures = new ConcurrentQueue<string>();
        var reads = new ConcurrentBag<bool>();
        var titles = new ConcurrentDictionary<string, bool>();
        using var stop = new CancellationTokenSource();
        Task[] load =
        [
            .. Enumerable.Range(0, 2).Select(i => Task.Run(() => new Producer(http, ledger, i, seed: i, failures.Enqueue).Run(stop.Token))),
            Task.Run(() => Read(http, reads, failures, stop.Token)),
            Task.Run(() => Write(http, titles, failures, stop.Token)),
        ];
        await Balanced(cluster, 2);

        await cluster.AddAsync();
        await Balanced(cluster, 3);
        foreach (var old in cluster.Nodes.ToArray())
        {
            await cluster.StopAsync(old);
            var added = await cluster.AddAsync(next.Program);
            Assert.Contains(NextBuild.Version, (await added.Eventually("v1/status", _ => true)).GetProperty("version").GetString(), StringComparison.Ordinal);
            await Balanced(cluster, 3);
        }

        // One that goes and is not replaced leaves its share to the others.
        await cluster.StopAsync(cluster.Living.Last());
        await Balanced(cluster, 2);

        await stop.CancelAsync();
        await Task.WhenAll(load);
        output.WriteLine($"{ledger.Acknowledged.Count()} events acknowledged of {ledger.All.Count()} sent; {reads.Count} reads, {reads.Count(isDegraded => isDegraded)} degraded; {titles.Count} titles written; {failures.Count} failed requests.");
        Assert.True(failures.IsEmpty, $"{failures.Count} requests failed, for example: {string.Join("; ", failures.Take(3))}");
        await ClusterTests.HoldsEachOnce(cluster, cluster.Living.First(), ledger, [.. ledger.Acknowledged.Select(sent => sent.EventId)]);
        Assert.NotEmpty(titles);
        foreach (var (titleId, isThere) in titles)
        {
            using var answer = await cluster.Living.First().Http.GetAsync($"v1/titles/{titleId}", Cancellation);
            Assert.Equal((titleId, isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound), (titleId, answer.StatusCode));
        }
    }

    /// <summary>Publishes one title after the other, by itself and several at once, and takes every third back.</summary>
    private static async Task Write(HttpClient http, ConcurrentDictionary<string, bool> titles, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            string[] ids = [$"new-{i}", $"also-new-{i}"];
            if (await Ask(() => http.PostAsJsonAsync("v1/titles", ids.Select(id => new { titleId = id, name = id }), stop), failures, stop))
            {
                titles[ids[0]] = titles[ids[1]] = true;
            }

            // Not known while it is under way.
            if (i % 3 == 0 && titles.TryRemove(ids[1], out _) && await Ask(() => http.DeleteAsync($"v1/titles/{ids[1]}", stop), failures, stop))
            {
                titles[ids[1]] = false;
            }
        }
    }

    /// <summary>Whether it was done; what was under way when the load stopped counts as not, and nobody looks for it.</summary>
    private static async Task<bool> Ask(Func<Task<HttpResponseMessage>> call, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        try
        {
            using var answer = await call();
            if (!answer.IsSuccessStatusCode)
            {
                failures.Enqueue($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
            }

            await Task.Delay(100, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (HttpRequestException exception)
        {
            failures.Enqueue(exception.Message);
            return false;
        }
    }

    private static async Task Read(HttpClient http, ConcurrentBag<bool> reads, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var answer = await http.GetAsync($"v1/users/user-{i % 40}/recommendations?count=5", stop);
                var body = await answer.Content.ReadAsStringAsync(stop);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    reads.Add(body.Contains("\"degraded\":true", StringComparison.Ordinal));
                }
                else
                {
                    failures.Enqueue($"{(int)answer.StatusCode}: {body}");
                }

                await Task.Delay(20, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException exception)
            {
                failures.Enqueue(exception.Message);
            }
        }
    }

    /// <summary>Waits until the living nodes, so many, run all partitions, none more than it should.</summary>
    private async Task Balanced(NodeCluster cluster, int nodes)
    {
        var clock = Stopwatch.StartNew();
        var most = MostOfShare * ClusterTests.Partitions / nodes;
        var node = cluster.Living.First();
        while (true)
        {
            // A busy machine may take longer than a status may; asking again is what an operator does.
            var status = await node.Eventually("v1/status", _ => true);
            var held = status.GetProperty("partitions").EnumerateArray().CountBy(partition => partition.GetProperty("silo").GetString()!).ToDictionary();
            if (NodeCluster.ActiveSilos(status) == nodes && held.Count == nodes && !held.ContainsKey("") && held.Values.Max() <= most)
            {
                output.WriteLine($"{string.Join(" + ", held.Values)} partitions {clock.Elapsed.TotalSeconds:0.0} s after the last change.");
                return;
            }

            Assert.True(clock.Elapsed < NodeCluster.ShareTakenWithin, $"After {clock.Elapsed.TotalSeconds:0} s the partitions are {string.Join(", ", held)} on {NodeCluster.ActiveSilos(status)} silos.");
            await Task.Delay(200, Cancellation);
        }
    }
}
