using Marquee.Gateway;

namespace Marquee.Tests.Gateway;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreSound() => Assert.True(new GatewayOptionsValidator().Validate(null, new GatewayOptions()).Succeeded);

    [Fact]
    public void Validate_ManyMistakes_NamesThemAll()
    {
        var result = new GatewayOptionsValidator().Validate(null, new GatewayOptions
        {
            Tenant = "a/b",
            PartitionCount = 0,
            ConcurrentRequestsMax = 0,
            ConcurrentWritesMax = 0,
            BodyBytesMax = 1,
            ReadTimeout = TimeSpan.Zero,
            VisibilityTimeout = TimeSpan.FromSeconds(-1),
        });

        string[] named = ["Tenant", "PartitionCount", "ConcurrentRequestsMax", "ConcurrentWritesMax", "BodyBytesMax", "ReadTimeout", "VisibilityTimeout"];
        Assert.Equal(named, result.Failures!.Select(failure => failure.Split(':', ' ')[2]));
    }
}
