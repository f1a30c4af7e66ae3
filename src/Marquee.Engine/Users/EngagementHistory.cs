using System.Buffers;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Users;

/// <summary>A viewer's events in log order, packed: about 25 bytes each. User id, session, country and device are not kept.</summary>
/// <remarks>
/// Holds the newest <see cref="MostEvents"/>; when an eighth more than that has come, the oldest eighth goes. The taste is folded
/// when it is asked for, from where it was folded last, so that an event is written once and nothing else. Not thread-safe.
/// </remarks>
/// <param name="titles">Numbers the titles, shared by all histories of the process.</param>
public sealed class EngagementHistory(TitleTable titles)
{
    /// <summary>How many events a viewer's history holds at least before it forgets the oldest.</summary>
    public const int MostEvents = 65_536;

    private const byte FormatVersion = 1;

    /// <summary>A long history's buffer is not kept.</summary>
    private const int MostKeptBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static TasteState? _fold;

    private byte[] _packed = [];
    private int _length;
    private long _lastOccurredAt;
    private UserTaste _taste = UserTaste.Empty;
    private int _foldedLength;
    private long _foldedOccurredAt;

    /// <summary>How many events it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the packed events take.</summary>
    public int PackedBytes => _packed.Length;

    /// <summary>What the events say of the viewer's taste; the same object until an event changes it.</summary>
    public UserTaste Taste => _foldedLength == _length ? _taste : FoldOn();

    /// <summary>Appends an event.</summary>
    public void Append(EngagementEvent engagement)
    {
        var entry = Buffer();
        var writer = new BinaryFormatWriter(entry);
        HistoryEntryCodec.Write(ref writer, engagement, ref _lastOccurredAt, titles);
        Reserve(entry.WrittenCount);
        entry.WrittenSpan.CopyTo(_packed.AsSpan(_length));
        _length += entry.WrittenCount;
        Count++;
        ForgetOldest();
    }

    /// <summary>The events in log order, newest last.</summary>
    /// <param name="userId">The viewer, for the events to name.</param>
    public IReadOnlyList<EngagementEvent> ToList(string userId)
    {
        var events = new List<EngagementEvent>(Count);
        var reader = new BinaryFormatReader(_packed.AsSpan(0, _length));
        long occurredAt = 0;
        while (!reader.AtEnd)
        {
            events.Add(HistoryEntryCodec.Read(ref reader, userId, ref occurredAt, titles));
        }

        return events;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        (_packed, _length, _lastOccurredAt, Count) = ([], 0, 0, 0);
        (_taste, _foldedLength, _foldedOccurredAt) = (UserTaste.Empty, 0, 0);
    }

    /// <summary>The bytes to store; titles by id.</summary>
    public byte[] ToBytes()
    {
        var buffer = Buffer();
        var writer = new BinaryFormatWriter(buffer);
        writer.Byte(FormatVersion);
        var reader = new BinaryFormatReader(_packed.AsSpan(0, _length));
        while (!reader.AtEnd)
        {
            HistoryEntryCodec.Copy(ref reader, ref writer, from: titles, to: null);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of an unknown version or damaged.</exception>
    public static EngagementHistory FromBytes(ReadOnlySpan<byte> bytes, TitleTable titles)
    {
        var reader = new BinaryFormatReader(bytes);
        if (reader.Byte() is not FormatVersion and var version)
        {
            throw new InvalidDataException($"A history of version {version}; this program reads version {FormatVersion}.");
        }

        var buffer = Buffer();
        var writer = new BinaryFormatWriter(buffer);
        var history = new EngagementHistory(titles);
        while (!reader.AtEnd)
        {
            history._lastOccurredAt += HistoryEntryCodec.Copy(ref reader, ref writer, from: null, to: titles);
            history.Count++;
        }

        (history._packed, history._length) = (buffer.WrittenSpan.ToArray(), buffer.WrittenCount);
        history.ForgetOldest();
        return history;
    }

    /// <summary>An empty buffer of this thread, to be done with before the next is asked for.</summary>
    private static ArrayBufferWriter<byte> Buffer()
    {
        var buffer = _buffer is { Capacity: <= MostKeptBytes } kept ? kept : _buffer = new ArrayBufferWriter<byte>(256);
        buffer.ResetWrittenCount();
        return buffer;
    }

    private void ForgetOldest()
    {
        if (Count > MostEvents + (MostEvents / 8))
        {
            KeepNewest(MostEvents);
        }
    }

    private UserTaste FoldOn()
    {
        var fold = _fold is { } used && ReferenceEquals(used.Titles, titles) ? used : _fold = new TasteState(titles);
        fold.Resume(_taste);
        var reader = new BinaryFormatReader(_packed.AsSpan(_foldedLength, _length - _foldedLength));
        while (!reader.AtEnd)
        {
            fold.Apply(HistoryEntryCodec.Read(ref reader, string.Empty, ref _foldedOccurredAt, titles, withEventId: false));
        }

        _foldedLength = _length;
        return _taste = fold.Freeze();
    }

    private void KeepNewest(int count)
    {
        // What a taste was folded from stays in it.
        var taste = _foldedLength > 0 ? Taste : null;
        var events = ToList(string.Empty);
        Clear();
        for (var i = events.Count - count; i < events.Count; i++)
        {
            Append(events[i]);
        }

        if (taste is not null)
        {
            (_taste, _foldedLength, _foldedOccurredAt) = (taste, _length, _lastOccurredAt);
        }
    }

    private void Reserve(int more)
    {
        if (_length + more > _packed.Length)
        {
            // Grows by a quarter: most viewers stay small, and a doubled array would be half empty for ever.
            Array.Resize(ref _packed, Math.Max(_length + more, _packed.Length + (_packed.Length / 4) + 32));
        }
    }
}
