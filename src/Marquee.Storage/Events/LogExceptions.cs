namespace Marquee.Storage.Events;

/// <summary>A writer that owns a partition is wrong about where it ends: a mistake in the writer. Nothing was written.</summary>
/// <param name="partition">The partition.</param>
/// <param name="expected">The offset that the next event gets.</param>
/// <param name="found">The offset that the writer expected.</param>
public sealed class UnexpectedOffsetException(LogPartition partition, long expected, long found)
    : Exception($"An append to `{partition}` must begin at offset {expected}, not {found}. Open the partition again; after an unknown outcome, do so before the next append.")
{
    /// <summary>The offset that the next event gets.</summary>
    public long Expected { get; } = expected;

    /// <summary>The offset that the writer expected.</summary>
    public long Found { get; } = found;
}

/// <summary>What a reader was about to read was truncated away meanwhile. Read again from a newer snapshot.</summary>
/// <param name="partition">The partition.</param>
/// <param name="position">Where the reader was.</param>
/// <param name="firstOffset">The oldest offset that is still retained.</param>
public sealed class LogTruncatedException(LogPartition partition, long position, long firstOffset)
    : Exception($"The read of `{partition}` had come to offset {position}, but the log was truncated to {firstOffset} meanwhile.")
{
    /// <summary>The oldest offset that is still retained.</summary>
    public long FirstOffset { get; } = firstOffset;
}
