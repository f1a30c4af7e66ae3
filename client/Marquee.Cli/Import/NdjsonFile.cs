using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Marquee.Cli.Import;

/// <summary>
/// An NDJSON file of titles and events in any order. It is read twice: first for the titles and for the place and time of
/// each event (24 bytes each), then the events again in time order.
/// </summary>
internal sealed class NdjsonFile(string path) : ImportSource
{
    private readonly string _name = Path.GetFileName(path);

    public override async IAsyncEnumerable<ImportItem> ReadAsync(
        ImportSelection selection,
        LineFaults faults,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Activity = $"reading {_name}";
        await using var file = await OpenAsync(cancellationToken);
        var events = new List<Entry>();
        var titles = 0;
        await foreach (var line in NdjsonLines.ReadAsync(file, _name, faults, cancellationToken))
        {
            if (NdjsonParser.Parse(line.Text, line.Place, out var item) is { } fault)
            {
                faults.Skip(line.Place, fault);
            }
            else if (item.Event is { } engagement)
            {
                if (selection.Events && selection.Covers(engagement.OccurredAt))
                {
                    events.Add(new Entry(engagement.OccurredAt?.UtcTicks ?? long.MaxValue, line.Offset, line.Length, line.Place.Line));
                }
            }
            else if (selection.Titles)
            {
                titles++;
                yield return item;
            }
        }

        CollectionsMarshal.AsSpan(events).Sort();
        (TitleTotal, EventTotal, LastEventTime) = (titles, events.Count, LastTimeOf(events));
        foreach (var entry in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Read(file.SafeFileHandle, entry);
        }
    }

    private static DateTimeOffset? LastTimeOf(List<Entry> events)
    {
        var last = events.FindLastIndex(entry => entry.Ticks != long.MaxValue);
        return last < 0 ? null : new DateTimeOffset(events[last].Ticks, TimeSpan.Zero);
    }

    private ImportItem Read(SafeFileHandle file, Entry entry)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            var bytes = buffer.AsMemory(0, RandomAccess.Read(file, buffer.AsSpan(0, entry.Length), entry.Offset));
            var line = NdjsonLines.Trim(new ReadOnlySequence<byte>(bytes), entry.Offset == 0);
            return NdjsonParser.Parse(line, new Place(_name, entry.Line), out var item) is null
                ? item
                : throw new InvalidDataException($"{_name} was changed while it was read (line {entry.Line}).");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Opens the file; a .gz is unpacked into a temporary file first, because events are read by their place.</summary>
    private async Task<FileStream> OpenAsync(CancellationToken cancellationToken)
    {
        var source = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous });
        if (!_name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return source;
        }

        await using var packed = new GZipStream(source, CompressionMode.Decompress);
        var unpacked = new FileStream(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        });
        await packed.CopyToAsync(unpacked, cancellationToken);
        unpacked.Position = 0;
        return unpacked;
    }

    /// <summary>Where an event stands. Events without a time come last.</summary>
    private readonly record struct Entry(long Ticks, long Offset, int Length, int Line) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Offset.CompareTo(other.Offset);
    }
}
