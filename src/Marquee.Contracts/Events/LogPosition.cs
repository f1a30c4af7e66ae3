using System.Globalization;

namespace Marquee.Contracts.Events;

/// <summary>A place in one partition's log: everything up to and including <see cref="Offset"/>.</summary>
/// <param name="Partition">The partition, 0 to P−1.</param>
/// <param name="Epoch">The epoch of the writer that acknowledged.</param>
/// <param name="Offset">The last offset covered.</param>
[GenerateSerializer, Immutable, Alias("marquee.log-position")]
public readonly record struct LogPosition(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Offset)
{
    /// <summary>The token that clients carry: <c>partition.epoch.offset</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Epoch}.{Offset}");

    /// <summary>Reads one token.</summary>
    /// <returns>False when the text is not three non-negative numbers joined by dots.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out LogPosition position)
    {
        position = default;
        var first = text.IndexOf('.');
        if (first < 0)
        {
            return false;
        }

        var rest = text[(first + 1)..];
        var second = rest.IndexOf('.');
        if (second < 0
            || !int.TryParse(text[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(rest[..second], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(rest[(second + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        position = new LogPosition(partition, epoch, offset);
        return true;
    }
}
