using System.Buffers;

namespace Marquee.Storage.Events;

/// <summary>The truth: one append-only, epoch-fenced sequence of events per log partition.</summary>
/// <remarks>
/// An append is acknowledged only if the store itself proved, in that very operation, that the writer still owns the
/// epoch. Offsets number events (not batches) from 0, without gaps, per partition.
/// </remarks>
public interface IPartitionLog
{
    /// <summary>Takes the partition over: durably raises its epoch, so that every earlier writer is refused from now on.</summary>
    /// <exception cref="StoreDamagedException">The partition is found to be damaged; the store may leave it to <see cref="ReadAsync"/> to check every batch.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be written now (full disk, lost connection).</exception>
    ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken);

    /// <summary>Appends one batch of events atomically and durably.</summary>
    /// <param name="partition">The partition to append to.</param>
    /// <param name="epoch">The epoch that <see cref="OpenAsync"/> returned to this writer.</param>
    /// <param name="expectedOffset">The offset that the first event of the batch gets; must equal the log's next offset.</param>
    /// <param name="batch">The events, encoded; opaque to the log.</param>
    /// <param name="cancellationToken">Gives up waiting. Once the batch is on its way, that gives <see cref="AppendOutcome.Unknown"/>.</param>
    /// <returns>What happened; see <see cref="AppendOutcome"/>. Never throws for an expected outcome.</returns>
    /// <exception cref="OperationCanceledException">Given up before the batch was on its way: nothing was, or will be, written.</exception>
    /// <exception cref="UnexpectedOffsetException">The writer owns the partition but is wrong about its end: a mistake in the writer. Nothing was written.</exception>
    /// <exception cref="StoreDamagedException">The partition's place in the store is not what was written.</exception>
    ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads the retained batches that hold events at or after <paramref name="from"/>, in offset order.</summary>
    /// <exception cref="StoreDamagedException">A batch fails its checksum or an offset is missing in the middle.</exception>
    /// <exception cref="LogTruncatedException">What comes next was truncated away while the enumeration ran.</exception>
    IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, CancellationToken cancellationToken);

    /// <summary>Lets go of whole batches that lie wholly before <paramref name="before"/>; never of the newest batch's successor offset.</summary>
    /// <returns>False when <paramref name="epoch"/> no longer owns the partition.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written now; the truncation may have been done in part, which is harmless.</exception>
    ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken);
}

/// <summary>The name of one log partition, for example <c>events/17</c> or <c>catalogue/default</c>.</summary>
/// <param name="Name">1 to 200 characters of <c>[A-Za-z0-9._~/-]</c>, compared ordinally.</param>
public readonly record struct LogPartition(string Name)
{
    /// <summary>The largest length of a name.</summary>
    public const int NameLengthMax = 200;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~/-");

    /// <summary>The partition that holds the engagement events of a share of the users.</summary>
    public static LogPartition Events(int partition) => new($"events/{partition}");

    /// <summary>The partition that holds the catalogue changes of one tenant.</summary>
    public static LogPartition Catalogue(string tenant) => new($"catalogue/{tenant}");

    /// <summary>Refuses a name that is not one.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long or has other characters.</exception>
    public void Validate()
    {
        if (string.IsNullOrEmpty(Name) || Name.Length > NameLengthMax || Name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new ArgumentException($"A log partition's name has 1 to {NameLengthMax} characters of [A-Za-z0-9._~/-]; found `{Name}`.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What a writer gets when it opens a partition.</summary>
/// <param name="Epoch">Grows with each opening, from 1; the writer's claim.</param>
/// <param name="FirstOffset">The oldest offset that is still retained; equals <paramref name="NextOffset"/> when none is.</param>
/// <param name="NextOffset">The offset that the next appended event gets.</param>
public readonly record struct PartitionOwnership(long Epoch, long FirstOffset, long NextOffset);

/// <summary>A batch to append.</summary>
/// <param name="Count">How many events the payload holds; at least 1.</param>
/// <param name="Payload">The encoded events; must not change until the append is answered.</param>
public readonly record struct LogBatch(int Count, ReadOnlyMemory<byte> Payload);

/// <summary>A batch read back.</summary>
/// <param name="Epoch">The epoch of the writer that appended it.</param>
/// <param name="FirstOffset">The offset of its first event.</param>
/// <param name="Count">How many events it holds.</param>
/// <param name="Payload">The encoded events, checksum verified.</param>
public readonly record struct StoredBatch(long Epoch, long FirstOffset, int Count, ReadOnlyMemory<byte> Payload);

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Durable, and the writer owned the epoch when it became so.</summary>
    Appended,

    /// <summary>Refused: another writer has opened the partition since. Nothing was written. Open again before the next append.</summary>
    Fenced,

    /// <summary>Refused for certain, nothing was written: the store has no room. The writer still owns the partition and may try again.</summary>
    Full,

    /// <summary>Refused for certain, nothing was written: the store cannot be reached. The writer may try again; whether it still owns the partition, that try tells.</summary>
    Unavailable,

    /// <summary>Nobody knows: the batch may be durable or not. Open the partition again and read its tail to find out.</summary>
    Unknown,
}

/// <summary>The store holds bytes that cannot be what was written. Never served, never cut away.</summary>
/// <param name="place">Where: file, table, partition and offset or key.</param>
/// <param name="expected">What should be there.</param>
/// <param name="found">What is there.</param>
/// <param name="nextStep">What the operator can do.</param>
public sealed class StoreDamagedException(string place, string expected, string found, string nextStep)
    : Exception($"The store is damaged at {place}: expected {expected}, found {found}. {nextStep}")
{
    /// <summary>Where: file, table, partition and offset or key.</summary>
    public string Place { get; } = place;

    /// <summary>What should be there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What is there.</summary>
    public string Found { get; } = found;

    /// <summary>What the operator can do.</summary>
    public string NextStep { get; } = nextStep;
}

/// <summary>The store cannot serve now, and may later: full disk, failed sync, lost connection, another process holds it.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Creates the exception with a reason that an operator can act on.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
