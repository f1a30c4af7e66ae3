using Marquee.Contracts.Events;
using Marquee.Gateway.Recommendations;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Gateway;

public sealed class ErasedViewersTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(39, true)]
    [InlineData(40, false)]
    [InlineData(41, false)]
    public void Precedes_ErasedViewer_GoesByWhatTheAnswerCovers(long offset, bool precedes)
    {
        var erased = new ErasedViewers(10, Age, _time);
        erased.Add("u1", At(40));

        Assert.Equal(precedes, erased.Precedes("u1", At(offset)));
        Assert.False(erased.Precedes("u2", At(0)));
    }

    [Fact]
    public void Precedes_AnswerThatCoversNothing_IsBeforeEveryErasure()
    {
        var erased = new ErasedViewers(10, Age, _time);
        erased.Add("u1", At(0));

        Assert.True(erased.Precedes("u1", null));
        Assert.False(erased.Precedes("u2", null));
    }

    /// <remarks>Erasures are told again and overtake each other.</remarks>
    [Fact]
    public void Add_ErasedTwice_TheNewestHoldsAndStaysItsFullTime()
    {
        var erased = new ErasedViewers(10, Age, _time);
        erased.Add("u1", At(40));
        _time.Advance(Age / 2);
        erased.Add("u1", At(50));
        erased.Add("u1", At(40));
        _time.Advance(Age / 2);
        Assert.True(erased.Precedes("u1", At(49)));

        _time.Advance(Age / 2);
        Assert.False(erased.Precedes("u1", At(49)));
    }

    /// <remarks>Whom there is no room for must not be forgotten: everybody counts as erased rather.</remarks>
    [Fact]
    public void Add_MoreThanThereIsRoomFor_NothingIsGivenAgainForAWhile()
    {
        var erased = new ErasedViewers(2, Age, _time);
        erased.Add("u1", At(40));
        erased.Add("u2", At(40));
        Assert.False(erased.Precedes("u3", At(39)));

        erased.Add("u3", At(40));
        Assert.True(erased.Precedes("u3", At(39)));
        Assert.True(erased.Precedes("never erased", At(39)));

        _time.Advance(Age);
        Assert.False(erased.Precedes("never erased", At(39)));
    }

    private static LogPosition At(long offset) => new(51, 1, offset);
}
