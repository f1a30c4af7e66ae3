using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

internal sealed class OpenRequest(LogPartition partition) : WriteRequest<LogSession, PartitionOwnership>
{
    protected override PartitionOwnership Run(LogSession session) => session.Open(partition);
}

internal sealed class AppendRequest(LogPartition partition, long epoch, long expectedOffset, LogBatch batch) : WriteRequest<LogSession, AppendOutcome>
{
    public override int Bytes => batch.Payload.Length;

    protected override AppendOutcome Run(LogSession session) => session.Append(partition, epoch, expectedOffset, batch);

    protected override bool TryResultOf(CommitFailure failure, out AppendOutcome result)
    {
        result = failure.NothingWritten ? AppendOutcome.Full : AppendOutcome.Unknown;
        return failure.Exception is not StoreDamagedException;
    }
}

internal sealed class TruncateRequest(LogPartition partition, long epoch, long before) : WriteRequest<LogSession, TruncationStep>
{
    protected override TruncationStep Run(LogSession session) => session.Truncate(partition, epoch, before);
}
