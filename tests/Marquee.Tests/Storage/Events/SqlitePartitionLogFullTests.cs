using Marquee.Storage.Embedded;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

public sealed class SqlitePartitionLogFullTests : IDisposable
{
    private static readonly LogPartition Partition = LogPartition.Events(0);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Append_NoRoom_IsFullUntilThereIsRoomAgain()
    {
        await using var log = new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions { LogBytesMax = 400_000 });
        await log.OpenAsync(Partition, Cancellation);
        var end = await FillAsync(log, 1, 0);
        Assert.True(end > 20);
        Assert.Equal(AppendOutcome.Full, await log.AppendAsync(Partition, 1, end, new LogBatch(1, new byte[8_000]), Cancellation));

        Assert.True(await log.TruncateAsync(Partition, 1, end / 2, Cancellation));
        Assert.True(await FillAsync(log, 1, end) > end);
        await AssertContentAsync(log);
    }

    [Fact]
    public async Task Append_NoRoom_FailsAllOfTheTransactionAndNothingElse()
    {
        await using var log = new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions { LogBytesMax = 400_000 });
        var partitions = Enumerable.Range(0, 32).Select(LogPartition.Events).ToArray();
        foreach (var partition in partitions)
        {
            await log.OpenAsync(partition, Cancellation);
        }

        var ends = await Task.WhenAll(partitions.Select(async partition =>
        {
            var end = 0L;
            while (await log.AppendAsync(partition, 1, end, new LogBatch(1, new byte[3_000]), Cancellation) is var outcome && outcome == AppendOutcome.Appended)
            {
                end++;
            }

            return end;
        }));

        for (var i = 0; i < partitions.Length; i++)
        {
            Assert.Equal(ends[i], await log.ReadAsync(partitions[i], 0, Cancellation).CountAsync(Cancellation));
            Assert.Equal(ends[i], (await log.OpenAsync(partitions[i], Cancellation)).NextOffset);
        }
    }

    [Fact]
    public async Task Reopen_AfterItWasFull_HasEverythingThatWasAcknowledged()
    {
        long end;
        await using (var log = new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions { LogBytesMax = 400_000 }))
        {
            await log.OpenAsync(Partition, Cancellation);
            end = await FillAsync(log, 1, 0);
        }

        await using var again = new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions());
        Assert.Equal(new PartitionOwnership(2, 0, end), await again.OpenAsync(Partition, Cancellation));
        await AssertContentAsync(again);
    }

    private static async Task<long> FillAsync(SqlitePartitionLog log, long epoch, long offset)
    {
        while (true)
        {
            var payload = new byte[8_000];
            payload.AsSpan().Fill((byte)offset);
            var outcome = await log.AppendAsync(Partition, epoch, offset, new LogBatch(1, payload), Cancellation);
            if (outcome != AppendOutcome.Appended)
            {
                Assert.Equal(AppendOutcome.Full, outcome);
                return offset;
            }

            offset++;
        }
    }

    private static async Task AssertContentAsync(SqlitePartitionLog log)
    {
        await foreach (var batch in log.ReadAsync(Partition, 0, Cancellation))
        {
            Assert.Equal(8_000, batch.Payload.Length);
            Assert.Equal(-1, batch.Payload.Span.IndexOfAnyExcept((byte)batch.FirstOffset));
        }
    }
}
