using System.Buffers;
using System.Text.Json.Nodes;
using Marquee.Cli;
using Marquee.Engine.Events;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Tests.Client.Import;

namespace Marquee.Tests.Client.Cli;

public sealed class LogVerifyTests : IDisposable
{
    private const long Now = 1_700_000_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_SoundLog_IsZeroAndCounts()
    {
        await WriteAsync(LogPartition.Events(3), Now, ["e1", "e2"], ["e3"]);
        await WriteAsync(LogPartition.Events(4), Now, ["e1"]);
        await WriteAsync(new LogPartition("catalogue/default"), [1, 2, 3]);

        Assert.Equal(ExitCode.Success, await RunAsync("--json"));

        var report = JsonNode.Parse(_output.ToString())!;
        Assert.True((bool)report["sound"]!);
        Assert.Equal((3, 4, 5), ((int)report["partitions"]!, (int)report["batches"]!, (int)report["entries"]!));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Verify_AnEventTwice_IsAFindingWithItsPlace()
    {
        await WriteAsync(LogPartition.Events(3), Now, ["e1", "e2"], ["e3", "e1"]);

        Assert.Equal(ExitCode.Findings, await RunAsync());

        Assert.Contains("`events/3`, offset 3: expected event 'e1' of 'default/u1' once, found again", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 findings", _output.ToString(), StringComparison.Ordinal);
    }

    // An id is remembered until a newer event is more than a day younger. After that, the same id is a new event.
    [Fact]
    public async Task Verify_AnEventAgainAfterTheNodeForgotIt_IsNoFinding()
    {
        await WriteAsync(LogPartition.Events(3), Now, ["e1"]);
        await WriteAsync(LogPartition.Events(3), Now + (long)TimeSpan.FromHours(25).TotalMilliseconds, ["e2"], ["e1"]);

        Assert.Equal(ExitCode.Success, await RunAsync());
    }

    [Fact]
    public async Task Verify_PayloadThatNobodyCanRead_IsAFinding()
    {
        await WriteAsync(LogPartition.Events(3), [99, 1, 2]);

        Assert.Equal(ExitCode.Findings, await RunAsync());

        Assert.Contains("`events/3`, offset 0: expected 1 entries, found A batch of version 99", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FlippedByte_IsAFinding()
    {
        await WriteAsync(LogPartition.Events(3), Now, ["the-event-to-be-found"]);
        var path = Path.Combine(_folder.Path, SqlitePartitionLog.FileName);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var at = bytes.AsSpan().IndexOf("the-event-to-be-found"u8);
        Assert.True(at > 0, "The event is not in the file.");
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Findings, await RunAsync("--json"));

        Assert.Contains("events/3", (string?)JsonNode.Parse(_output.ToString())!["findings"]![0]!["place"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NodeRunsOnIt_IsTwoAndSaysSo()
    {
        using var node = DataDirectory.Open(_folder.Path, 64);
        Assert.Equal(ExitCode.Usage, await RunAsync());

        Assert.Contains("in use by another process", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NoDataDirectory_IsTwoAndTouchesNothing()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync());

        Assert.Contains("is not a data directory", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private Task WriteAsync(LogPartition partition, long appendedAt, params string[][] batches) =>
        WriteAsync(partition, [.. batches.Select(ids => Encode(ids, appendedAt))]);

    private Task WriteAsync(LogPartition partition, byte[] payload) => WriteAsync(partition, [(1, payload)]);

    private async Task WriteAsync(LogPartition partition, (int Count, byte[] Payload)[] batches)
    {
        using var directory = DataDirectory.Open(_folder.Path, 64);
        await using var log = new SqlitePartitionLog(_folder.Path, new SqliteStorageOptions { Directory = _folder.Path });
        var ownership = await log.OpenAsync(partition, TestContext.Current.CancellationToken);
        var next = ownership.NextOffset;
        foreach (var (count, payload) in batches)
        {
            Assert.Equal(AppendOutcome.Appended, await log.AppendAsync(partition, ownership.Epoch, next, new LogBatch(count, payload), TestContext.Current.CancellationToken));
            next += count;
        }
    }

    private static (int Count, byte[] Payload) Encode(string[] ids, long appendedAt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var entries = ids.Select(id => new LogEntry("default", "u1", new EngagementEvent
        {
            EventId = id,
            UserId = "u1",
            TitleId = "t1",
            Type = EngagementType.Play,
            OccurredAt = appendedAt,
        }));
        LogEntryCodec.Encode([.. entries], appendedAt, buffer);
        return (ids.Length, buffer.WrittenSpan.ToArray());
    }

    private Task<int> RunAsync(params string[] arguments) => MarqueeCommand.RunAsync(
        ["log", "verify", "--data", _folder.Path, .. arguments],
        new CommandContext { Output = _output, Error = _error },
        TestContext.Current.CancellationToken);
}
