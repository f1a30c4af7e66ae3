using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Storage;

/// <summary>A node whose disk is full, whose files are damaged, or whose directory is in use.</summary>
public class NodeStoreTests
{
    private static readonly string[] Small = ["--Marquee:Sample=none", "--Marquee:Partitions=4", "--Marquee:CheckpointEvents=2000"];

    [Fact]
    public async Task Post_WhileTheDiskIsFull_AnswersUnavailableLosesNothingAndResumes()
    {
        using var disk = new SmallDisk(megabytes: 24);
        await using var node = new NodeProcess(Small, disk.Path);
        await node.Start();
        var acknowledged = new List<string>();
        HttpStatusCode? refused = null;
        for (var batch = 0; batch < 2_000 && refused is null; batch++)
        {
            refused = await TryPost(node, batch, acknowledged);
            disk.FillUp(leaveBytes: Math.Max(0, 400_000 - (batch * 40_000)));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        disk.Release();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (await TryPost(node, 10_000, acknowledged) is not null)
        {
            Assert.True(DateTime.UtcNow < deadline, $"The node did not resume. It printed:\n{node.Output}");
            await Task.Delay(200);
        }

        await Held(node, acknowledged);
        await node.Kill();
        await node.Start();
        await Held(node, acknowledged);
    }

    [Fact]
    public async Task Start_WithAFlippedByteInTheLog_RefusesAndNamesThePlace()
    {
        await using var node = new NodeProcess(Small);
        await node.Start();
        await node.Post([.. Enumerable.Range(0, 500).Select(i => (object)new { eventId = $"f{i}", userId = $"u{i % 7}", titleId = "canary-title", type = "play" })]);
        await node.Stop();
        Assert.True(Flip(node.DataDirectory, "log.db*", "canary-title"), "The test found no byte to flip.");
        node.StartProcess();
        Assert.NotEqual(0, await node.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains("damaged", node.Output, StringComparison.Ordinal);
        Assert.Contains("events/", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnADirectoryThatARunningNodeHolds_RefusesAndNamesIt()
    {
        await using var node = new NodeProcess(Small);
        await node.Start();
        await using var second = new NodeProcess(Small, node.DataDirectory);
        second.StartProcess();
        Assert.NotEqual(0, await second.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains(node.DataDirectory, second.Output, StringComparison.Ordinal);
        await node.Post(new { userId = "still", titleId = "here", type = "play" });
    }

    [Fact]
    public async Task Start_WithAnotherNumberOfPartitions_RefusesAndSaysBoth()
    {
        await using var node = new NodeProcess(Small);
        await node.Start();
        await node.Stop();
        await using var second = new NodeProcess(["--Marquee:Sample=none", "--Marquee:Partitions=8"], node.DataDirectory);
        second.StartProcess();
        Assert.NotEqual(0, await second.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains("4", second.Output, StringComparison.Ordinal);
        Assert.Contains("8", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithSeveralWrongOptions_ReportsEveryMistake()
    {
        await using var node = new NodeProcess(["--Marquee:Sample=netflix", "--Marquee:Partitions=zero", "--Marquee:Colour=blue"]);
        node.StartProcess();
        Assert.Equal(2, await node.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains("Sample", node.Output, StringComparison.Ordinal);
        Assert.Contains("Partitions", node.Output, StringComparison.Ordinal);
        Assert.Contains("Colour", node.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode?> TryPost(NodeProcess node, int batch, List<string> acknowledged)
    {
        var ids = Enumerable.Range(0, 200).Select(i => $"b{batch}-{i}").ToArray();
        using var answer = await node.Http.PostAsJsonAsync("v1/events", ids.Select((id, i) => new { eventId = id, userId = $"u{i % 20}", titleId = $"t{i}", type = "play" }));
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            acknowledged.AddRange(ids);
            return null;
        }

        Assert.Contains("application/problem+json", answer.Content.Headers.ContentType?.ToString(), StringComparison.Ordinal);
        return answer.StatusCode;
    }

    private static async Task Held(NodeProcess node, List<string> acknowledged)
    {
        var held = new HashSet<string>();
        for (var user = 0; user < 20; user++)
        {
            string? cursor = null;
            do
            {
                var page = await node.Get($"v1/users/u{user}/history?limit=1000{(cursor is null ? "" : $"&cursor={cursor}")}");
                Assert.All(page.GetProperty("events").EnumerateArray(), entry => Assert.True(held.Add(entry.GetProperty("eventId").GetString()!)));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
        }

        Assert.Empty(acknowledged.Except(held));
    }

    private static bool Flip(string directory, string pattern, string text)
    {
        var wanted = System.Text.Encoding.UTF8.GetBytes(text);
        foreach (var file in Directory.GetFiles(directory, pattern))
        {
            var bytes = File.ReadAllBytes(file);
            var at = bytes.AsSpan().IndexOf(wanted);
            if (at >= 0)
            {
                bytes[at] ^= 0x01;
                File.WriteAllBytes(file, bytes);
                return true;
            }
        }

        return false;
    }

    /// <summary>A file system in memory of a fixed size; needs root.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(int megabytes)
        {
            Path = Directory.CreateTempSubdirectory("marquee-disk-").FullName;
            Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path);
        }

        public string Path { get; }

        private string Ballast => System.IO.Path.Combine(Path, "ballast");

        public void FillUp(long leaveBytes)
        {
            var free = new DriveInfo(Path).AvailableFreeSpace - leaveBytes;
            if (free > 0)
            {
                using var file = new FileStream(Ballast, FileMode.Append);
                file.Write(new byte[free]);
            }
        }

        public void Release() => File.Delete(Ballast);

        public void Dispose()
        {
            Run("umount", "-l", Path);
            Directory.Delete(Path);
        }

        private static void Run(string command, params string[] arguments)
        {
            using var process = Process.Start(command, arguments);
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} failed; this test needs root.");
        }
    }
}
