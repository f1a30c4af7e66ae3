using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

public sealed class FaultInjectingLogTests : LogConformance
{
    private readonly InMemoryPartitionLog _inner = new();
    private FaultInjectingLog? _faulty;

    private FaultInjectingLog Faulty => (FaultInjectingLog)Log;

    protected override IPartitionLog Create() => _faulty ??= new FaultInjectingLog(_inner);

    protected override ValueTask CloseAsync(IPartitionLog log) => ValueTask.CompletedTask;

    [Theory]
    [InlineData((int)AppendFault.Full, AppendOutcome.Full, 0)]
    [InlineData((int)AppendFault.UnknownButLanded, AppendOutcome.Unknown, 1)]
    [InlineData((int)AppendFault.UnknownNotLanded, AppendOutcome.Unknown, 0)]
    [InlineData((int)AppendFault.Fence, AppendOutcome.Fenced, 0)]
    public async Task Append_PlannedFault_HappensOnce(int fault, AppendOutcome expected, int landed)
    {
        var partition = LogPartition.Events(0);
        await Log.OpenAsync(partition, Cancellation);
        Faulty.Plan((AppendFault)fault, partition);
        Assert.Equal(expected, await Log.AppendAsync(partition, 1, 0, Batch("a"), Cancellation));
        Assert.Equal(landed, await Log.ReadAsync(partition, 0, Cancellation).CountAsync(Cancellation));
        var owner = await Log.OpenAsync(partition, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(partition, owner.Epoch, owner.NextOffset, Batch("b"), Cancellation));
    }

    [Fact]
    public async Task Append_Held_WaitsForTheRelease()
    {
        var partition = LogPartition.Events(0);
        await Log.OpenAsync(partition, Cancellation);
        Faulty.Plan(AppendFault.Hold);
        var append = Log.AppendAsync(partition, 1, 0, Batch("a"), Cancellation).AsTask();
        await Faulty.Held.Task.WaitAsync(Cancellation);
        Assert.False(append.IsCompleted);
        Faulty.Release.SetResult();
        Assert.Equal(AppendOutcome.Appended, await append);
    }
}
