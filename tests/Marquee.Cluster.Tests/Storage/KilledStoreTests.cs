namespace Marquee.Cluster.Tests.Storage;

public sealed class KilledStoreTests
{
    [Fact(Timeout = 900_000)]
    public async Task Kill_AtAnyMomentTwelveTimes_KeepsEverythingAcknowledgedOnce()
    {
        using var directory = StorageDirectory.Create();
        var acknowledged = new AcknowledgedWrites();
        var random = new Random(5);
        for (var kill = 0; kill < 12; kill++)
        {
            using var worker = new WorkerProcess(directory.Path);
            var lines = random.Next(1, 1_500);
            await worker.ReadAsync(acknowledged, _ => --lines == 0, TestContext.Current.CancellationToken);
            await worker.KillAsync(acknowledged, TestContext.Current.CancellationToken);
            await acknowledged.AssertHeldAsync(directory.Path, TestContext.Current.CancellationToken);
        }

        Assert.True(acknowledged.Appends > 100);
    }

    /// <summary>Every few syncs of a write-ahead log fail; the worker goes on by opening anew, and is killed in the end.</summary>
    [Theory(Timeout = 900_000)]
    [InlineData("log.db-wal")]
    [InlineData("state.db-wal")]
    [InlineData("log.db")]
    public async Task Sync_FailsNowAndThen_KeepsEverythingAcknowledgedOnce(string file)
    {
        using var directory = StorageDirectory.Create();
        var acknowledged = new AcknowledgedWrites();
        for (var kill = 0; kill < 3; kill++)
        {
            using var worker = new WorkerProcess(
                directory.Path, "strace", "-f", "-qq", "-o", "/dev/null", "-P", Path.Combine(directory.Path, file),
                "-e", "inject=fsync,fdatasync:error=EIO:when=5+7");
            var lines = 400;
            await worker.ReadAsync(acknowledged, _ => --lines == 0, TestContext.Current.CancellationToken);
            await worker.KillAsync(acknowledged, TestContext.Current.CancellationToken);
            await acknowledged.AssertHeldAsync(directory.Path, TestContext.Current.CancellationToken);
        }
    }
}
