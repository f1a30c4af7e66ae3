using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Marquee.Engine.Events;

/// <summary>
/// How a ratings file becomes engagement events: one rating is one event, at the rating's timestamp.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Five stars: <see cref="EngagementType.Rate"/> with the stars.</item>
/// <item>Ten points: 9 and above <see cref="EngagementType.Like"/>; 7 and above <see cref="EngagementType.Complete"/>;
/// 5 and above <see cref="EngagementType.Rate"/> with half the points as stars; below 5 <see cref="EngagementType.Rate"/>
/// with half the points, at least 0.5 (a star rating has no zero).</item>
/// </list>
/// People who rate with ten points mostly rate what they have seen to the end, so the upper half of the scale is told in
/// the vocabulary of viewing, which is what most services have.
/// </remarks>
public static class RatingMapping
{
    private const int EventIdLengthMax = 128;

    /// <summary>The scale that fits a file whose largest rating is <paramref name="largestRating"/>: above 5 it is ten points.</summary>
    public static RatingScale ScaleOf(double largestRating) => largestRating > 5 ? RatingScale.TenPoint : RatingScale.FiveStar;

    /// <summary>The largest rating that the scale knows; the smallest is 0.</summary>
    public static double LargestOf(RatingScale scale) => scale == RatingScale.TenPoint ? 10 : 5;

    /// <summary>The event that one rating stands for.</summary>
    /// <param name="rating">0 to the largest of the scale.</param>
    /// <param name="scale">The scale of the file.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rating is not a number or outside the scale.</exception>
    public static RatingEvent Map(double rating, RatingScale scale)
    {
        if (!(rating >= 0 && rating <= LargestOf(scale)))
        {
            throw new ArgumentOutOfRangeException(nameof(rating), rating, $"A rating lies between 0 and {LargestOf(scale)} on this scale.");
        }

        if (scale == RatingScale.FiveStar)
        {
            return new(EngagementType.Rate, Math.Max(0.5, rating));
        }

        return rating switch
        {
            >= 9 => new(EngagementType.Like, null),
            >= 7 => new(EngagementType.Complete, null),
            _ => new(EngagementType.Rate, Math.Max(0.5, rating / 2)),
        };
    }

    /// <summary>The event id of a rating: the same rating always has the same id, so that a second import finds duplicates.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="titleId">The title.</param>
    /// <param name="timestampSeconds">Seconds since the Unix epoch.</param>
    /// <returns><c>rating-{user}-{title}-{timestamp}</c>, or a hash of it where that is longer than an id may be.</returns>
    public static string EventId(string userId, string titleId, long timestampSeconds)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"rating-{userId}-{titleId}-{timestampSeconds}");
        return id.Length <= EventIdLengthMax
            ? id
            : $"rating-{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(id)))}";
    }
}

/// <summary>What a rating becomes.</summary>
/// <param name="Type">The event type.</param>
/// <param name="Value">Stars, 0.5 to 5, for <see cref="EngagementType.Rate"/>; otherwise nothing.</param>
public readonly record struct RatingEvent(EngagementType Type, double? Value);
