using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

/// <summary>What a log keeps besides whose bytes outlive the program that wrote them.</summary>
public abstract class DurableLogConformance : LogConformance
{
    /// <summary>Opens a store of two partitions that holds what a node of format 1 wrote; it was killed.</summary>
    private protected abstract Task<IPartitionLog> OpenStoredAsync();

    /// <summary>What it holds of each partition: the offset at which it begins, and the events from there on.</summary>
    protected virtual (int FirstOffset, string[] EventIds)[] Stored => [(0, ["e2", "e3", "e7"]), (0, ["e1", "e4", "e5", "e6"])];

    [Fact]
    public async Task Read_BytesOfFormat1_GivesWhatWasWrittenAndGoesOnBehindIt()
    {
        var log = await OpenStoredAsync();
        for (var number = 0; number < Stored.Length; number++)
        {
            var (partition, (first, written)) = (LogPartition.Events(number), Stored[number]);
            var next = first + written.Length;
            Assert.Equal(written, await IdsAsync(log, partition));
            Assert.Equal(new PartitionOwnership(2, first, next), await log.OpenAsync(partition, Cancellation));
            var last = await log.ReadAsync(partition, next - 1, Cancellation).SingleAsync(Cancellation);
            Assert.Equal((next - 1, 1), (last.FirstOffset, last.Epoch));
            Assert.Equal(AppendOutcome.Appended, await log.AppendAsync(partition, 2, next, new LogBatch(last.Count, last.Payload), Cancellation));
            Assert.Equal(written.Append(written[^1]), await IdsAsync(log, partition));
        }

        var titles = await log.ReadAsync(LogPartition.Catalogue("default"), 0, Cancellation).FirstAsync(Cancellation);
        Assert.Equal((0, 1), (titles.FirstOffset, titles.Epoch));
        await CloseAsync(log);
    }

    private static async Task<string[]> IdsAsync(IPartitionLog log, LogPartition partition) =>
        [.. (await log.ReadAsync(partition, 0, Cancellation).ToListAsync(Cancellation)).SelectMany(static batch => LogEntryCodec.Decode(batch.Payload.Span).Entries).Select(static entry => entry.Event!.EventId)];
}
