using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public sealed class RatingMappingTests
{
    [Theory]
    [InlineData(10, EngagementType.Like, null)]
    [InlineData(9, EngagementType.Like, null)]
    [InlineData(8, EngagementType.Complete, null)]
    [InlineData(7, EngagementType.Complete, null)]
    [InlineData(6, EngagementType.Rate, 3.0)]
    [InlineData(5, EngagementType.Rate, 2.5)]
    [InlineData(4, EngagementType.Rate, 2.0)]
    [InlineData(1, EngagementType.Rate, 0.5)]
    [InlineData(0, EngagementType.Rate, 0.5)]
    public void Map_TenPoints_FollowsTheTable(double rating, EngagementType type, double? value) =>
        Assert.Equal(new RatingEvent(type, value), RatingMapping.Map(rating, RatingScale.TenPoint));

    [Theory]
    [InlineData(5, 5.0)]
    [InlineData(3.5, 3.5)]
    [InlineData(0.5, 0.5)]
    [InlineData(0, 0.5)]
    public void Map_FiveStars_IsARatingOfThatManyStars(double rating, double value) =>
        Assert.Equal(new RatingEvent(EngagementType.Rate, value), RatingMapping.Map(rating, RatingScale.FiveStar));

    [Fact]
    public void Map_AnyRatingOfTheScale_IsAnEventThatTheApiTakes() =>
        Gen.Select(Gen.Double[0, 10], Gen.Bool).Sample((rating, stars) =>
        {
            var mapped = RatingMapping.Map(stars ? rating / 2 : rating, stars ? RatingScale.FiveStar : RatingScale.TenPoint);
            Assert.Equal(mapped.Type == EngagementType.Rate, mapped.Value is >= 0.5 and <= 5);
        });

    [Theory]
    [InlineData(-0.5, RatingScale.FiveStar)]
    [InlineData(5.5, RatingScale.FiveStar)]
    [InlineData(10.5, RatingScale.TenPoint)]
    [InlineData(double.NaN, RatingScale.TenPoint)]
    public void Map_OutsideTheScale_Throws(double rating, RatingScale scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RatingMapping.Map(rating, scale));

    [Theory]
    [InlineData(5, RatingScale.FiveStar)]
    [InlineData(5.5, RatingScale.TenPoint)]
    [InlineData(0, RatingScale.FiveStar)]
    public void ScaleOf_LargestRating_TellsTheScale(double largest, RatingScale scale) =>
        Assert.Equal(scale, RatingMapping.ScaleOf(largest));

    // A second import finds duplicates only while these ids stay as they are.
    [Fact]
    public void EventId_SameRating_NeverChanges() =>
        Assert.Equal("rating-12439-2171847-1362062307", RatingMapping.EventId("12439", "2171847", 1362062307));

    [Fact]
    public void EventId_LongIds_FitsAnId()
    {
        var id = RatingMapping.EventId(new string('u', 128), new string('t', 128), 1362062307);

        Assert.Matches("^rating-[0-9a-f]{32}$", id);
        Assert.NotEqual(id, RatingMapping.EventId(new string('u', 128), new string('t', 128), 1362062308));
    }
}
