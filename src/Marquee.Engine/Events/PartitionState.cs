using System.Buffers;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Events;

/// <summary>Everything that one partition's log folds into: a fold per tenant, the duplicate window, and the index of the tail.</summary>
/// <remarks>
/// <para>A pure function of the log and the options: replaying the same entries gives the same bytes of <see cref="Write"/>.</para>
/// <para>Invariant: <see cref="UserTailIndex.NextOffset"/> of <see cref="Tail"/> = <see cref="NextOffset"/>.</para>
/// </remarks>
public sealed class PartitionState
{
    private const byte FormatVersion = 2;

    private readonly PartitionStateOptions _options;
    private readonly TitleTable _titles;
    private readonly SortedDictionary<string, EngagementFold> _folds = new(StringComparer.Ordinal);

    /// <summary>Creates the state before the first entry.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="titles">Where the one string of each title id is, for all partitions of a process; one of its own when null.</param>
    public PartitionState(PartitionStateOptions options, TitleTable? titles = null)
        : this(options, titles ?? new TitleTable(), nextOffset: 0, tailFrom: 0)
    {
    }

    private PartitionState(PartitionStateOptions options, TitleTable titles, long nextOffset, long tailFrom)
    {
        (_options, _titles) = (options, titles);
        NextOffset = nextOffset;
        Tail = new UserTailIndex(tailFrom);
        Duplicates = new DuplicateWindow(options.DuplicateCapacity, options.DuplicateAge);
    }

    /// <summary>The offset of the next entry.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Users with entries that their snapshots may not cover.</summary>
    public UserTailIndex Tail { get; }

    /// <summary>The ids of the newest events.</summary>
    public DuplicateWindow Duplicates { get; }

    /// <summary>The users that were erased lately.</summary>
    public ErasedUsers Erased { get; } = new();

    /// <summary>The folds, by tenant.</summary>
    public IReadOnlyDictionary<string, EngagementFold> Folds => _folds;

    /// <summary>The fold of a tenant; created when there is none.</summary>
    public EngagementFold FoldOf(string tenant)
    {
        if (!_folds.TryGetValue(tenant, out var fold))
        {
            _folds.Add(tenant, fold = new EngagementFold(_options.NeighbourCapacity, _titles));
        }

        return fold;
    }

    /// <summary>Applies the next entry of the log.</summary>
    /// <param name="entry">The entry at <see cref="NextOffset"/>.</param>
    /// <param name="appendedAt">Wall clock of its append, milliseconds since the Unix epoch.</param>
    /// <returns>The offset of the user's entry before it in the tail, or −1.</returns>
    public long Apply(in LogEntry entry, long appendedAt)
    {
        ApplyToFold(entry, appendedAt);
        return Tail.Add(entry.UserKey);
    }

    /// <summary>Indexes an entry that the snapshot has folded already, but that user snapshots may not cover.</summary>
    public void Index(in LogEntry entry) => Tail.Add(entry.UserKey);

    /// <summary>Replays one stored batch: what is before the fold's end is only indexed, what is before the tail is skipped.</summary>
    /// <param name="firstOffset">The offset of the batch's first entry.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="InvalidDataException">An entry between this state and the batch is missing.</exception>
    public void Replay(long firstOffset, in DecodedBatch batch)
    {
        for (var i = 0; i < batch.Entries.Count; i++)
        {
            var offset = firstOffset + i;
            if (offset < Tail.NextOffset)
            {
                continue;
            }

            if (offset > Tail.NextOffset)
            {
                throw new InvalidDataException($"The log goes on at offset {offset}, but {Tail.NextOffset} comes next.");
            }

            if (offset >= NextOffset)
            {
                ApplyToFold(batch.Entries[i], batch.AppendedAt);
            }

            Tail.Add(batch.Entries[i].UserKey);
        }
    }

    /// <summary>Writes the state for a snapshot.</summary>
    /// <param name="tailFrom">All entries before this offset are covered by user snapshots; at most <see cref="NextOffset"/>.</param>
    /// <param name="output">Receives the bytes.</param>
    public void Write(long tailFrom, IBufferWriter<byte> output)
    {
        var writer = new BinaryFormatWriter(output);
        writer.Byte(FormatVersion);
        writer.Unsigned((ulong)NextOffset);
        writer.Unsigned((ulong)tailFrom);
        Duplicates.Write(ref writer);

        // A fold that was only asked for, and into which nothing went, is no part of what the log says.
        KeyValuePair<string, EngagementFold>[] folds = [.. _folds.Where(pair => pair.Value.TitleCount > 0)];
        writer.Unsigned((ulong)folds.Length);
        foreach (var (tenant, fold) in folds)
        {
            writer.Text(tenant);
            fold.Write(ref writer);
        }

        // The last part came later: without it the bytes are those of before, and who does not know it does not read it.
        if (Erased.Count > 0)
        {
            Erased.Write(ref writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Replay the log from the tail's first offset to go on.</summary>
    /// <param name="bytes">What it wrote.</param>
    /// <param name="options">The bounds of the state.</param>
    /// <param name="titles">As for a new state.</param>
    /// <exception cref="InvalidDataException">The bytes are of an unknown version or damaged.</exception>
    public static PartitionState Read(ReadOnlySpan<byte> bytes, PartitionStateOptions options, TitleTable? titles = null)
    {
        var reader = new BinaryFormatReader(bytes);
        if (reader.Byte() is not FormatVersion and var version)
        {
            throw new InvalidDataException($"A partition snapshot of version {version}; this program reads version {FormatVersion}.");
        }

        var state = new PartitionState(options, titles ?? new TitleTable(), (long)reader.Unsigned(), (long)reader.Unsigned());
        state.Duplicates.Read(ref reader);
        var folds = reader.Count(reader.Remaining);
        for (var i = 0; i < folds; i++)
        {
            var tenant = reader.Text();
            state._folds.Add(tenant, EngagementFold.Read(ref reader, options.NeighbourCapacity, state._titles));
        }

        if (!reader.AtEnd)
        {
            state.Erased.Read(ref reader);
        }

        return state;
    }

    private void ApplyToFold(in LogEntry entry, long appendedAt)
    {
        if (entry.Event is { } engagement)
        {
            Duplicates.Add(DuplicateWindow.HashOf(entry.Tenant, entry.UserId, engagement.EventId), appendedAt);
            FoldOf(entry.Tenant).Apply(engagement, NextOffset);
        }
        else
        {
            FoldOf(entry.Tenant).Erase(entry.UserId);
            Erased.Add(entry.UserKey, NextOffset);
        }

        NextOffset++;
    }
}

/// <summary>Bounds of a partition's state; the same for every partition of a store.</summary>
public sealed record PartitionStateOptions
{
    /// <summary>How many event ids a partition remembers to recognise duplicates. Default 65,536.</summary>
    public int DuplicateCapacity { get; init; } = 65_536;

    /// <summary>How long it remembers them. Default one day.</summary>
    public TimeSpan DuplicateAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many neighbours a title keeps in one partition. Default 32, about 400 bytes.</summary>
    public int NeighbourCapacity { get; init; } = 32;
}
