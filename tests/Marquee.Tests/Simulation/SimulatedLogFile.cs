using System.Buffers.Binary;
using System.IO.Hashing;
using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>A partition's log in a simulated file, with what the contract of <see cref="IPartitionLog"/> asks: fencing, synced acknowledgements, damage that is found.</summary>
/// <remarks>
/// Beside it lies a witness: what was acknowledged last. A tail that cannot be read is cut only behind that; anything else
/// that cannot be read is damage. After a failed write or sync the file is read anew from the disk before anything else.
/// </remarks>
internal sealed class SimulatedLogFile
{
    private readonly SimulatedDisk _disk;
    private readonly LogPartition _partition;
    private readonly Trace _trace;
    private readonly List<(LogRecord Record, int Position)> _batches = [];
    private SimulatedFile _file;
    private long _epoch;
    private long _first;
    private long _next;

    /// <summary>Opens the file and reads all of it.</summary>
    /// <exception cref="StoreDamagedException">Something before the end is not what was written.</exception>
    public SimulatedLogFile(SimulatedDisk disk, LogPartition partition, Trace trace)
    {
        (_disk, _partition, _trace) = (disk, partition, trace);
        _file = disk.Open(partition.Name);
        Recover();
    }

    /// <summary>The oldest retained offset.</summary>
    public long First => _first;

    /// <summary>The retained batches.</summary>
    public IReadOnlyList<(LogRecord Record, int Position)> Batches => _batches;

    private string WitnessName => $"{_partition.Name}.acknowledged";

    /// <summary>Reads every byte again.</summary>
    /// <exception cref="StoreDamagedException">Something is not what was written.</exception>
    public void Verify()
    {
        var (_, end) = Scan(_ => { });
        if (end < _file.Length)
        {
            throw Damage(end, "a record", "bytes that are none");
        }
    }

    public PartitionOwnership Claim()
    {
        Add(new LogRecord(LogRecordKind.Claim, _epoch + 1, 0, 0, default));
        return new PartitionOwnership(_epoch, _first, _next);
    }

    public AppendOutcome Append(long epoch, long expectedOffset, LogBatch batch)
    {
        if (epoch != _epoch)
        {
            return AppendOutcome.Fenced;
        }

        if (expectedOffset != _next)
        {
            throw new UnexpectedOffsetException(_partition, _next, expectedOffset);
        }

        try
        {
            Add(new LogRecord(LogRecordKind.Batch, epoch, expectedOffset, batch.Count, batch.Payload.ToArray()));
            return AppendOutcome.Appended;
        }
        catch (DiskFullException)
        {
            return AppendOutcome.Full;
        }
        catch (StoreUnavailableException)
        {
            return AppendOutcome.Unknown;
        }
    }

    /// <summary>The retained batches that hold events at or after an offset; some of them at a time.</summary>
    public List<StoredBatch> Read(long position, bool isContinuation, int most)
    {
        if (isContinuation && position < _first)
        {
            throw new LogTruncatedException(_partition, position, _first);
        }

        var read = new List<StoredBatch>();
        foreach (var (known, place) in _batches)
        {
            if (known.First + known.Second > position && read.Count < most)
            {
                if (LogRecord.Read(_file.Content[place..], _partition) is not { Kind: LogRecordKind.Batch } record || record.First != known.First)
                {
                    throw Damage(place, $"the batch at offset {known.First}", "other bytes");
                }

                read.Add(new StoredBatch(record.Epoch, record.First, (int)record.Second, record.Payload));
            }
        }

        return read;
    }

    public bool Truncate(long epoch, long before)
    {
        if (epoch != _epoch)
        {
            return false;
        }

        var kept = _batches.Where(batch => batch.Record.First + batch.Record.Second > before).Select(batch => batch.Record).ToList();
        if (kept.Count == _batches.Count)
        {
            return true;
        }

        Verify();
        var first = kept is [var oldest, ..] ? oldest.First : _next;
        byte[] content = [.. new LogRecord(LogRecordKind.Base, _epoch, first, first, default).Write(_partition)
            .Concat(kept.SelectMany(record => record.Write(_partition)))];
        try
        {
            _disk.Replace(_partition.Name, content);
        }
        catch (DiskFullException exception)
        {
            throw new StoreUnavailableException("No room to truncate.", exception);
        }
        catch (IOException exception)
        {
            Recover();
            throw new StoreUnavailableException("Whether the log was truncated is not known.", exception);
        }

        Recover();
        return true;
    }

    /// <summary>Makes a record durable, and then the witness of it.</summary>
    /// <exception cref="DiskFullException">No room; nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Nobody knew; what is in the file was read anew, so by now this knows.</exception>
    private void Add(LogRecord record)
    {
        var position = _file.Length;
        try
        {
            _file.Append(record.Write(_partition));
            _disk.MayDie();
            _file.Sync();
            var (epoch, next) = (record.Epoch, record.Kind == LogRecordKind.Batch ? record.First + record.Second : _next);
            WriteWitness(epoch, next);
            (_epoch, _next) = (epoch, next);
        }
        catch (DiskFullException)
        {
            _file.Cut(position);
            throw;
        }
        catch (IOException exception)
        {
            Recover();
            throw new StoreUnavailableException("Whether it was written is not known.", exception);
        }

        if (record.Kind == LogRecordKind.Batch)
        {
            _batches.Add((record, position));
        }
    }

    private void Recover()
    {
        _file = _disk.Open(_partition.Name);
        _batches.Clear();
        (_epoch, _first, _next) = (0, 0, 0);
        var ((epoch, first, next), end) = Scan(_batches.Add);
        var witness = ReadWitness();
        if (epoch < witness.Epoch || next < witness.Next)
        {
            throw Damage(end, $"what was acknowledged, up to epoch {witness.Epoch} and offset {witness.Next}", $"epoch {epoch} and offset {next} as the newest");
        }

        if (end < _file.Length)
        {
            for (var i = end + 1; i < _file.Length; i++)
            {
                if (LogRecord.Read(_file.Content[i..], _partition) is not null)
                {
                    // One record at a time is unsynced, so nothing intact can lie behind a torn one.
                    throw Damage(end, "a record", $"bytes that are none, before an intact one at {i}");
                }
            }

            _trace.Note($"{_partition} cuts {_file.Length - end} bytes of a torn tail");
            _file.Cut(end);
        }

        (_epoch, _first, _next) = (epoch, first, next);
        if (witness != (epoch, next))
        {
            try
            {
                WriteWitness(epoch, next);
            }
            catch (IOException)
            {
                // What it says is true, only not all.
            }
        }
    }

    private ((long Epoch, long First, long Next) State, int End) Scan(Action<(LogRecord Record, int Position)> visit)
    {
        var (state, end) = ((Epoch: 0L, First: 0L, Next: 0L), 0);
        while (LogRecord.Read(_file.Content[end..], _partition) is { } record)
        {
            switch (record.Kind)
            {
                case LogRecordKind.Base when end == 0:
                    state = (record.Epoch, record.First, record.Second);
                    break;
                case LogRecordKind.Claim when record.Epoch > state.Epoch:
                    state.Epoch = record.Epoch;
                    break;
                case LogRecordKind.Batch when record.First == state.Next && record.Epoch <= state.Epoch:
                    state.Next += record.Second;
                    visit((record, end));
                    break;
                default:
                    throw Damage(end, $"what follows epoch {state.Epoch} and offset {state.Next}", $"{record.Kind} {record.Epoch} {record.First}");
            }

            end += record.Bytes;
        }

        return (state, end);
    }

    private void WriteWitness(long epoch, long next)
    {
        var bytes = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), next);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), XxHash3.HashToUInt64(bytes.AsSpan(0, 16)));

        // In place, so it takes no room.
        _disk.Replace(WitnessName, bytes, takesRoom: false);
    }

    private (long Epoch, long Next) ReadWitness()
    {
        if (_disk.Find(WitnessName) is not { Length: > 0 } file)
        {
            return (0, 0);
        }

        var bytes = file.Content;
        return bytes.Length == 24 && XxHash3.HashToUInt64(bytes[..16]) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])
            ? (BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]))
            : throw new StoreDamagedException(WitnessName, "a witness", "other bytes", "Restore from a backup.");
    }

    private StoreDamagedException Damage(int place, string expected, string found) =>
        new($"{_partition}, byte {place}", expected, found, "Restore from a backup.");
}
