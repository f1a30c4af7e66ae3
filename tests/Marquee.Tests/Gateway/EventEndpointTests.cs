using Marquee.Contracts.Events;

namespace Marquee.Tests.Gateway;

public sealed class EventEndpointTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_OneEvent_IsAcceptedWithPosition()
    {
        var answer = await _host.PostAsync("/v1/events", """{"eventId":"e1","userId":"u1","titleId":"t1","type":"play"}""");

        Assert.Equal(202, answer.Status);
        Assert.Equal(1, answer.Number("accepted"));
        Assert.Equal("51.1.0", answer.Json.GetProperty("position").GetString());
        Assert.Equal(EngagementType.Play, Assert.Single(_host.Grains.Partitions.Log).Type);
    }
}
