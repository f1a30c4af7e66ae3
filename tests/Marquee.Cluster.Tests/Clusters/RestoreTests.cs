using Marquee.Cli.Clusters.Processes;
using Marquee.Cluster.Tests.Client;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage;
using Marquee.Cluster.Tests.Storage.Azure;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;
using Npgsql;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>A backup made as <c>docs/operations.md</c> says, restored where there is nothing: what comes up on it answers as before.</summary>
public sealed class RestoreTests(SharedServers servers)
{
    private static readonly string[] Options = ["--Marquee:Sample=none", "--Marquee:DrainSeconds=0", .. ClusterTests.Options];

    [Fact]
    public async Task Postgres_DumpOfARunningClusterRestored_ThreeNewNodesGiveTheSameAnswers()
    {
        var server = await servers.Postgres;
        var schema = PostgresStores.NewSchema();
        var source = new NpgsqlConnectionStringBuilder(server.Connection(schema));
        var target = new NpgsqlConnectionStringBuilder(source.ConnectionString) { Database = $"restored_{schema}" };
        using var folder = StorageDirectory.Create();
        var dump = Path.Combine(folder.Path, "marquee.dump");
        SortedDictionary<string, string> answers;
        await using (var before = await NodeCluster.StartAsync(ClusterStore.OnPostgres(source.ConnectionString), 2, ClusterTests.Options))
        {
            await RecordedAnswers.FillAsync(before.Nodes[0]);
            answers = await RecordedAnswers.ReadSettledAsync(before.Nodes[1]);
            await ServerCommand.RunAsync("pg_dump", $"--schema={schema}", "--format=custom", $"--file={dump}", AddressOf(source));
        }

        await server.RunAsync("public", $"CREATE DATABASE {target.Database}");
        await ServerCommand.RunAsync("pg_restore", $"--dbname={AddressOf(target)}", dump);

        await using var restored = await NodeCluster.StartAsync(ClusterStore.OnPostgres(target.ConnectionString), 3, ClusterTests.Options);
        foreach (var node in restored.Nodes)
        {
            await RecordedAnswers.AreGivenByAsync(node, answers);
        }

        await RecordedAnswers.SendAgainAsync(restored.Nodes[2]);
    }

    [Fact]
    public async Task Sqlite_CopyOfAStoppedNodesDirectory_IsWholeAndANodeOnItGivesTheSameAnswers()
    {
        using var copy = StorageDirectory.Create();
        SortedDictionary<string, string> answers;
        await using (var node = new NodeProcess(Options))
        {
            await node.Start();
            await RecordedAnswers.FillAsync(node);
            answers = await RecordedAnswers.ReadSettledAsync(node);
            Assert.Equal(0, await node.Stop());
            await ServerCommand.RunAsync("cp", "-a", $"{node.DataDirectory}/.", copy.Path);
        }

        var verified = await MarqueeProcess.Run("log", "verify", "--data", copy.Path);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        await using var restored = new NodeProcess(Options, copy.Path);
        await restored.Start();
        await RecordedAnswers.AreGivenByAsync(restored, answers);
        await RecordedAnswers.SendAgainAsync(restored);
    }

    [Fact]
    public async Task Azure_CopyOfAStoppedNodesContainers_ANodeOnItGivesTheSameAnswers()
    {
        var server = await servers.Azurite;
        var (from, to) = (server.Connection(server.NewAccount()), server.Connection(server.NewAccount()));
        SortedDictionary<string, string> answers;
        await using (var node = new NodeProcess([.. Options, "--Marquee:Storage=azure", $"--Marquee:Connection={from}"]))
        {
            await node.Start();
            await RecordedAnswers.FillAsync(node);
            answers = await RecordedAnswers.ReadSettledAsync(node);
            Assert.Equal(0, await node.Stop());
        }

        await StoredBlobs.CopyAsync(from, to, "marquee-log", "grainstate");
        await using var restored = new NodeProcess([.. Options, "--Marquee:Storage=azure", $"--Marquee:Connection={to}"]);
        await restored.Start();
        await RecordedAnswers.AreGivenByAsync(restored, answers);
        await RecordedAnswers.SendAgainAsync(restored);
    }

    /// <summary>What PostgreSQL's programs take for the name of a database.</summary>
    private static string AddressOf(NpgsqlConnectionStringBuilder database) =>
        $"postgresql://{database.Username}:{database.Password}@{database.Host}:{database.Port}/{database.Database}";
}
