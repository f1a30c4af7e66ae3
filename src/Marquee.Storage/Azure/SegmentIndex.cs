namespace Marquee.Storage.Azure;

/// <summary>Where in a segment some of its batches begin, as far as this process has seen them: one entry in 64 KiB.</summary>
internal sealed class SegmentIndex
{
    private const int BytesBetween = 64 << 10;

    private readonly Dictionary<string, List<(long Offset, long Position)>> _segments = [];

    /// <summary>Notes where a batch begins.</summary>
    public void Note(LogSegment segment, long offset, long position)
    {
        lock (_segments)
        {
            if (!_segments.TryGetValue(segment.Name, out var entries))
            {
                _segments.Add(segment.Name, entries = [(segment.FirstOffset, 0)]);
            }

            // Readers and the writer come across the same batches: only what goes beyond is new.
            if (position >= entries[^1].Position + BytesBetween)
            {
                entries.Add((offset, position));
            }
        }
    }

    /// <summary>The last known batch that begins at or before an offset.</summary>
    public (long Offset, long Position) Before(LogSegment segment, long offset)
    {
        lock (_segments)
        {
            if (!_segments.TryGetValue(segment.Name, out var entries))
            {
                return (segment.FirstOffset, 0);
            }

            var (low, high) = (0, entries.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = entries[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
            }

            return entries[low];
        }
    }

    /// <summary>Forgets the segments that a head does not name any more.</summary>
    public void Keep(PartitionHead head)
    {
        lock (_segments)
        {
            foreach (var gone in _segments.Keys.Except(head.Segments.Select(segment => segment.Name)).ToArray())
            {
                _segments.Remove(gone);
            }
        }
    }
}
