using System.Buffers;
using Marquee.Engine.Events;
using Marquee.Grains.Events;
using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>Whenever a partition has come up: its state is the pure fold of the log from its beginning, byte for byte.</summary>
internal sealed class RecoveryCheck(SimulatedStore store, PartitionStateOptions options, EventLoop loop)
{
    /// <summary>A complaint may be on its way while what it complains of is mended.</summary>
    private static readonly TimeSpan ComplaintsLast = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, PartitionState> _folds = [];
    private readonly List<string> _violations = [];

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>How many states were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>When a flipped bit was last mended, outside the snapshots of partitions.</summary>
    public TimeSpan MendedAt { get; private set; } = -ComplaintsLast;

    public void Mended(FlippedBit flipped)
    {
        if (!IsPartitionSnapshot(flipped))
        {
            MendedAt = loop.Now;
        }
    }

    public void Opened(OpenPartition partition)
    {
        Compared++;
        var (state, next) = (partition.State, partition.State.NextOffset);
        var fold = FoldUpTo(partition, next);
        if (fold.NextOffset != next)
        {
            _violations.Add($"Partition {partition.Number} came up at offset {next}, and the log ends at {fold.NextOffset}.");
        }
        else if (!Bytes(state).SequenceEqual(Bytes(fold)))
        {
            _violations.Add($"Partition {partition.Number} under epoch {partition.Epoch} is not the fold of its log up to offset {next}.");
        }

        CheckTail(partition);
    }

    public void Failed(Exception exception)
    {
        // Of a partition's two snapshots one may be bad: the other one and a longer replay do.
        var isExplained = store.Flipped.Any(flipped => !IsPartitionSnapshot(flipped)) || loop.Now - MendedAt < ComplaintsLast;
        if (exception is InvalidDataException || (exception is StoreDamagedException && !isExplained))
        {
            _violations.Add($"Nothing was damaged, and a grain did not come up: {exception.Message}");
        }
    }

    /// <summary>Compares the counters with a count that knows nothing of folds.</summary>
    public void CheckCounters(OpenPartition partition)
    {
        var counts = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var entry in store.Full.EntriesOf(partition.Name).Select(placed => placed.Entry).Where(entry => !entry.IsErasure))
        {
            var key = $"{entry.Tenant}/{entry.Event!.TitleId}";
            if (!counts.TryGetValue(key, out var counted))
            {
                counts.Add(key, counted = new long[32]);
            }

            counted[(int)entry.Event.Type]++;
        }

        foreach (var (tenant, fold) in partition.State.Folds)
        {
            var titles = counts.Where(pair => pair.Key.StartsWith($"{tenant}/", StringComparison.Ordinal)).ToArray();
            if (titles.Length != fold.TitleCount)
            {
                _violations.Add($"Partition {partition.Number} counts {fold.TitleCount} titles of {tenant}, and its log has {titles.Length}.");
            }

            foreach (var (key, counted) in titles)
            {
                var held = fold.Find(key[(tenant.Length + 1)..])?.Summarise().Counts ?? [];
                if (!counted.AsSpan().TrimEnd(0L).SequenceEqual(held.AsSpan().TrimEnd(0L)))
                {
                    _violations.Add($"Partition {partition.Number} counts {string.Join(' ', held)} of {key}, and its log has {string.Join(' ', counted)}.");
                }
            }
        }
    }

    private static bool IsPartitionSnapshot(FlippedBit flipped) => flipped.File.Name.StartsWith("state/partition-", StringComparison.Ordinal);

    private static byte[] Bytes(PartitionState state)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        state.Write(tailFrom: 0, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private PartitionState FoldUpTo(OpenPartition partition, long next)
    {
        if (!_folds.TryGetValue(partition.Number, out var fold) || fold.NextOffset > next)
        {
            _folds[partition.Number] = fold = new PartitionState(options);
        }

        var batches = store.Full.Of(partition.Name);
        var begin = batches.Count;
        while (begin > 0 && batches[begin - 1].FirstOffset >= fold.NextOffset)
        {
            begin--;
        }

        for (; begin < batches.Count && batches[begin].FirstOffset < next; begin++)
        {
            var batch = LogEntryCodec.Decode(batches[begin].Payload.Span);
            foreach (var entry in batch.Entries)
            {
                fold.Apply(entry, batch.AppendedAt);
            }
        }

        return fold;
    }

    private void CheckTail(OpenPartition partition)
    {
        var tail = partition.State.Tail;
        var expected = store.Full.EntriesOf(partition.Name)
            .Where(placed => placed.Offset >= tail.FirstOffset && placed.Offset < partition.State.NextOffset)
            .ToLookup(placed => placed.Entry.UserKey, placed => placed.Offset, StringComparer.Ordinal);
        if (tail.Users.Count != expected.Count || expected.Any(user => !user.SequenceEqual(tail.After(user.Key, -1))))
        {
            _violations.Add($"Partition {partition.Number} under epoch {partition.Epoch} does not know the users of its tail from {tail.FirstOffset} on.");
        }
    }
}
