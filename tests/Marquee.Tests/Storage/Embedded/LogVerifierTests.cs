using System.Text;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Marquee.Tests.Storage.Embedded;

public sealed class LogVerifierTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new(inMemory: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Verify_SoundDirectory_CountsAndFindsNothing()
    {
        await WriteLogAsync("u1:a u2:a", "u1:b");
        var progress = new List<VerificationProgress>();
        var report = LogVerifier.Verify(_directory.Path, Inspect, new Collecting(progress), Cancellation);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((64, 1, 2, 3, 0), (report.Manifest?.Partitions, report.Partitions, report.Batches, report.Events, report.Snapshots));
        Assert.Equal([new VerificationProgress("events", 3, 3)], progress);
    }

    [Fact]
    public async Task Verify_AnythingAndEverything_CountsSnapshotsToo()
    {
        await StoreContent.WriteAsync(_directory.Path);
        var report = LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((StoreContent.Partitions, 17), (report.Partitions, report.Snapshots));
    }

    [Fact]
    public async Task Verify_Again_ChangesNoFile()
    {
        await StoreContent.WriteAsync(_directory.Path);
        var before = Directory.GetFiles(_directory.Path, "*.db").ToDictionary(path => path, File.ReadAllBytes);
        LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    [Fact]
    public async Task Verify_InspectorFindsSomething_ReportsItWithItsPlace()
    {
        await WriteLogAsync("u1:a", "u1:b");
        var seen = new List<string>();
        var report = LogVerifier.Verify(
            _directory.Path,
            (partition, batch) =>
            {
                seen.Add($"{partition} {batch.FirstOffset}");
                return batch.FirstOffset == 1 ? [new StoreFinding("there", "this", "that")] : [];
            },
            cancellationToken: Cancellation);
        Assert.Equal(new StoreFinding("there", "this", "that"), Assert.Single(report.Findings));
        Assert.Equal(["events/1 0", "events/1 1"], seen);
    }

    [Fact]
    public async Task Verify_BatchThatTheInspectorThrowsAt_IsAFinding()
    {
        await WriteLogAsync("u1:a", "nonsense");
        var finding = Assert.Single(LogVerifier.Verify(_directory.Path, Inspect, cancellationToken: Cancellation).Findings);
        Assert.EndsWith("offset 1", finding.Place);
    }

    [Theory]
    [InlineData("UPDATE batch SET payload = x'00' WHERE first_offset = 1", "offset 1: expected checksum")]
    [InlineData("UPDATE batch SET epoch = 9 WHERE first_offset = 1", "expected an epoch from 1 to 1, found 9")]
    [InlineData("DELETE FROM batch WHERE first_offset = 1", "expected the batch that begins at 1, found a batch that begins at 2")]
    [InlineData("DELETE FROM batch WHERE first_offset = 2", "expected the log's end at offset 3, found its end at 2")]
    [InlineData("DELETE FROM batch", "expected batches up to offset 3, found none")]
    [InlineData("UPDATE batch SET partition = 'events/2' WHERE first_offset = 2", "expected no batch of a partition that was never opened, found one")]
    [InlineData("UPDATE partition SET next_offset = 2", "table partition, `events/1`: expected checksum")]
    [InlineData("DELETE FROM partition", "table partition: expected rows whose checksums add up to")]
    [InlineData("UPDATE ledger SET sequence = sequence + 1", "table ledger: expected checksum")]
    [InlineData("DELETE FROM ledger", "table ledger: expected one row, found none")]
    [InlineData("CREATE TABLE other (x)", "schema: expected")]
    [InlineData("PRAGMA user_version = 2", "header, format version: expected 1, found 2")]
    public async Task Verify_ChangedLog_NamesThePlaceAndWhatIsWrong(string change, string finding)
    {
        await WriteLogAsync("u1:a", "u1:b", "u1:c");
        Change(SqlitePartitionLog.FileName, change);
        var report = LogVerifier.Verify(_directory.Path, Inspect, cancellationToken: Cancellation);
        Assert.Contains(report.Findings, found => found.ToString().Contains(finding, StringComparison.Ordinal));
        await Assert.ThrowsAsync<StoreDamagedException>(() => StoreContent.ReadAsync(_directory.Path));
    }

    [Theory]
    [InlineData("UPDATE state SET payload = x'00' WHERE grain_id = 'user/u2'", "`taste` of `user/u2`: expected checksum")]
    [InlineData("DELETE FROM state WHERE grain_id = 'user/u2'", "a row is missing, or an older one came back")]
    public async Task Verify_ChangedSnapshots_NamesThePlaceAndWhatIsWrong(string change, string finding)
    {
        await StoreContent.WriteAsync(_directory.Path);
        Change(SqliteGrainStorage.FileName, change);
        var report = LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation);
        Assert.Contains(report.Findings, found => found.ToString().Contains(finding, StringComparison.Ordinal));
        await Assert.ThrowsAsync<StoreDamagedException>(() => StoreContent.ReadAsync(_directory.Path));
    }

    [Fact]
    public async Task Verify_DamageInEveryFile_ReportsAllOfIt()
    {
        await StoreContent.WriteAsync(_directory.Path);
        Change(SqlitePartitionLog.FileName, "UPDATE batch SET payload = x'00'");
        Change(SqliteGrainStorage.FileName, "UPDATE state SET payload = x'00'");
        File.WriteAllText(_directory.File(DataManifest.FileName), "{");
        var files = LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation).Findings.Select(finding => finding.Place);
        Assert.All([DataManifest.FileName, SqlitePartitionLog.FileName, SqliteGrainStorage.FileName], name => Assert.Contains(files, place => place.Contains(name)));
    }

    [Fact]
    public async Task Verify_WhileANodeRuns_RefusesPolitely()
    {
        await WriteLogAsync("u1:a");
        using var node = DataDirectory.Open(_directory.Path, 64);
        Assert.Contains("in use", Assert.Throws<StoreUnavailableException>(() => LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation)).Message);
    }

    [Fact]
    public void Verify_NoDirectory_SaysSoAndMakesNone()
    {
        var path = _directory.File("missing");
        Assert.Contains(path, Assert.Throws<StoreUnavailableException>(() => LogVerifier.Verify(path, cancellationToken: Cancellation)).Message);
        Assert.False(Directory.Exists(path));
    }

    private async Task WriteLogAsync(params string[] batches)
    {
        using var data = DataDirectory.Open(_directory.Path, 64);
        await using var log = new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions());
        var partition = LogPartition.Events(1);
        var owner = await log.OpenAsync(partition, Cancellation);
        var offset = 0;
        foreach (var batch in batches)
        {
            var count = batch.Split(' ').Length;
            await log.AppendAsync(partition, owner.Epoch, offset, new LogBatch(count, Encoding.UTF8.GetBytes(batch)), Cancellation);
            offset += count;
        }
    }

    private void Change(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File(file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static IEnumerable<StoreFinding> Inspect(LogPartition partition, StoredBatch batch)
        => Encoding.UTF8.GetString(batch.Payload.Span).Contains("nonsense", StringComparison.Ordinal)
            ? throw new InvalidDataException("Not a batch.")
            : [];

    private sealed class Collecting(List<VerificationProgress> reports) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value)
        {
            if (value.What == "events")
            {
                reports.Add(value);
            }
        }
    }
}
