using Marquee.Engine.Users;

namespace Marquee.Engine.Models;

/// <summary>What the sequence network is told of one title of a viewer's past, beside its vector.</summary>
/// <param name="Gap">Bucket of the time since the step before, see <see cref="GapOf"/>.</param>
/// <param name="Kind">What the viewer thought of it: 0 liked, 1 watched, 2 disliked.</param>
public readonly record struct SequenceStep(int Gap, int Kind)
{
    /// <summary>How many kinds there are.</summary>
    public const int Kinds = 3;

    /// <summary>How many buckets of time there are.</summary>
    public static int Gaps => Bounds.Length + 1;

    /// <summary>The last bucket: a long time, or no step before.</summary>
    public static int LongGap => Bounds.Length;

    /// <summary>Where buckets end, in milliseconds: inside one sitting, within the day, the week, the month.</summary>
    private static ReadOnlySpan<long> Bounds =>
        [5_000, 30_000, 120_000, 600_000, 3_600_000, 86_400_000, 7 * 86_400_000L, 30 * 86_400_000L];

    /// <summary>The bucket of a time between two events.</summary>
    /// <param name="milliseconds">The time; negative counts as none.</param>
    public static int GapOf(long milliseconds)
    {
        var bounds = Bounds;
        var gap = 0;
        while (gap < bounds.Length && milliseconds >= bounds[gap])
        {
            gap++;
        }

        return gap;
    }

    /// <summary>The kind of an entry of a viewer's past.</summary>
    public static int KindOf(in TasteEntry entry) => entry.IsPositive ? 0 : entry.Strength > 0 ? 1 : 2;
}
