namespace Marquee.Tests.Events;

public class EngagementTypeTests
{
    [Fact]
    public void Numbers_OfWireAndEngine_Agree() =>
        Assert.Equal(
            Enum.GetValues<Marquee.Engine.Events.EngagementType>().Select(type => (type.ToString(), (byte)type)),
            Enum.GetValues<Marquee.Contracts.Events.EngagementType>().Select(type => (type.ToString(), (byte)type)));
}
