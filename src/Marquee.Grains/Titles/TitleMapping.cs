using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Titles;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Grains.Titles;

/// <summary>Between the wire's and the engine's title statistics.</summary>
internal static class TitleMapping
{
    public static TitleDeltaMessage ToMessage(this TitleDelta delta, int partition, long committedAt)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var writer = new BinaryFormatWriter(buffer);
        delta.WriteStatistics(ref writer);
        return new TitleDeltaMessage
        {
            Partition = partition,
            FromVersion = delta.FromVersion,
            ToVersion = delta.ToVersion,
            Counts = ImmutableCollectionsMarshal.AsImmutableArray(delta.Counts),
            Statistics = buffer.WrittenMemory,
            CommittedAt = committedAt,
        };
    }

    public static TitleDelta ToEngine(this TitleDeltaMessage message) =>
        TitleDelta.Read(message.FromVersion, message.ToVersion, [.. message.Counts], message.Statistics.Span);

    /// <summary>What a partition answers for a title that had no event there.</summary>
    public static TitleDeltaMessage Nothing(int partition) => new() { Partition = partition, FromVersion = 0, ToVersion = 0 };

    public static TitleStatisticsMessage ToMessage(this TitleSummary summary) => new()
    {
        Counts = ImmutableArray.Create(summary.Counts),
        Popularity = [summary.Popularity.Short, summary.Popularity.Medium, summary.Popularity.Long],
        UpdatedAt = summary.LastEventAt,
    };
}
