using Marquee.Contracts.Events;
using Marquee.Gateway.Events;

namespace Marquee.Tests.Gateway;

public sealed class PositionTokenTests
{
    [Theory]
    [InlineData("3.1.7", 3, 1, 7)]
    [InlineData("2.9.9_3.1.7_40.1.0", 3, 1, 7)]
    [InlineData("3.1.7_3.2.9_3.1.8", 3, 2, 9)]
    public void TryRead_PartitionInToken_FindsItsFurthestPosition(string token, int partition, long epoch, long offset)
    {
        Assert.True(PositionToken.TryRead(token, partition, out var position));
        Assert.Equal(new LogPosition(partition, epoch, offset), position);
    }

    [Fact]
    public void TryRead_OtherPartitionsOnly_NothingToWaitFor()
    {
        Assert.True(PositionToken.TryRead("2.9.9_4.1.7", 3, out var position));
        Assert.Null(position);
    }

    [Theory]
    [InlineData("_")]
    [InlineData("3")]
    [InlineData("3.1")]
    [InlineData("3.1.7_")]
    [InlineData("3.1.7.9")]
    [InlineData("3.1.-7")]
    [InlineData("3.1.7,4.1.1")]
    [InlineData("99999999999.1.1")]
    [InlineData("3.1.99999999999999999999")]
    [InlineData("latest")]
    public void TryRead_NotAToken_IsRefused(string token) => Assert.False(PositionToken.TryRead(token, 3, out _));

    [Fact]
    public void TryRead_EndlessToken_IsRefused() =>
        Assert.False(PositionToken.TryRead(string.Join('_', Enumerable.Repeat("3.1.7", 100_000)), 3, out _));
}
