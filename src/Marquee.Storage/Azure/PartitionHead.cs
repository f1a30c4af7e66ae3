using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>What a partition's head blob says: who owns the partition, and which blobs hold its batches.</summary>
/// <param name="Epoch">The newest owner's epoch.</param>
/// <param name="FirstOffset">The first event of the oldest retained batch.</param>
/// <param name="Segments">
/// Invariant: at least one, in the order of their first offsets; each holds the batches up to the next one's first offset,
/// all but the last are sealed, and the last is the owner's.
/// </param>
internal sealed record PartitionHead(long Epoch, long FirstOffset, IReadOnlyList<LogSegment> Segments)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The segment that the owner appends to.</summary>
    public LogSegment Active => Segments[^1];

    /// <summary>The segment that holds an offset, and the offset behind its last event; that of the active one is unknown.</summary>
    public (LogSegment Segment, long? End) Find(long offset)
    {
        var i = Segments.Count - 1;
        while (i > 0 && Segments[i].FirstOffset > offset)
        {
            i--;
        }

        return (Segments[i], i + 1 < Segments.Count ? Segments[i + 1].FirstOffset : null);
    }

    /// <summary>The same head that lets go of what lies wholly before an offset at which a batch begins.</summary>
    public PartitionHead Without(long before) =>
        this with { FirstOffset = before, Segments = [.. Segments.Where((_, i) => i == Segments.Count - 1 || Segments[i + 1].FirstOffset > before)] };

    /// <summary>The same head with a new active segment; one before it that stayed empty is let go of.</summary>
    public PartitionHead Then(LogSegment next) =>
        this with { Epoch = next.Epoch, Segments = [.. Segments.Where(segment => segment.FirstOffset < next.FirstOffset), next] };

    /// <summary>JSON, with a checksum over all of it and the partition's name.</summary>
    public byte[] ToBytes(LogPartition partition) => JsonSerializer.SerializeToUtf8Bytes(new Content(Epoch, FirstOffset, Segments, Checksum(partition)), Json);

    /// <exception cref="StoreDamagedException">The bytes are not what was written.</exception>
    public static PartitionHead FromBytes(ReadOnlySpan<byte> bytes, LogPartition partition, string place)
    {
        Content? content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(bytes, Json);
        }
        catch (JsonException exception)
        {
            throw new StoreDamagedException(place, "a partition's head", exception.Message, AzureFailure.Restore);
        }

        if (content?.Segments is not { Count: > 0 })
        {
            throw new StoreDamagedException(place, "a partition's head", "no segments", AzureFailure.Restore);
        }

        var head = new PartitionHead(content.Epoch, content.FirstOffset, content.Segments);
        var checksum = head.Checksum(partition);
        return string.Equals(checksum, content.Checksum, StringComparison.Ordinal)
            ? head
            : throw new StoreDamagedException(place, $"checksum {content.Checksum}", checksum, AzureFailure.Restore);
    }

    private string Checksum(LogPartition partition)
    {
        var text = new StringBuilder().Append(partition.Name).Append(' ').Append(Epoch).Append(' ').Append(FirstOffset);
        foreach (var segment in Segments)
        {
            text.Append(' ').Append(segment.Name).Append(' ').Append(segment.Epoch).Append(' ').Append(segment.FirstOffset);
        }

        return $"{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())):x16}";
    }

    private sealed record Content(long Epoch, long FirstOffset, IReadOnlyList<LogSegment> Segments, string? Checksum);
}

/// <summary>One append blob of a partition.</summary>
/// <param name="Name">Its name within the partition; never used twice.</param>
/// <param name="Epoch">The epoch of the only writer that appends to it.</param>
/// <param name="FirstOffset">The offset of the first event that it holds or will hold.</param>
internal sealed record LogSegment(string Name, long Epoch, long FirstOffset);
