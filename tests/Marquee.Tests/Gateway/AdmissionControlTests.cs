using Marquee.Gateway;
using Marquee.Gateway.Bodies;
using Microsoft.Extensions.Options;

namespace Marquee.Tests.Gateway;

public sealed class AdmissionControlTests
{
    private readonly AdmissionControl _admission = new(Options.Create(new GatewayOptions { ConcurrentWritesMax = 2, BodyBytesMax = 100 }));

    [Fact]
    public void TryBeginWrite_BoundReached_RefusesUntilOneEnds()
    {
        Assert.True(_admission.TryBeginWrite());
        Assert.True(_admission.TryBeginWrite());
        Assert.False(_admission.TryBeginWrite());
        _admission.EndWrite();
        Assert.True(_admission.TryBeginWrite());
    }

    [Fact]
    public void TryLendBytes_BoundReached_RefusesUntilSomeReturn()
    {
        Assert.True(_admission.TryLendBytes(60));
        Assert.False(_admission.TryLendBytes(41));
        Assert.True(_admission.TryLendBytes(40));
        _admission.ReturnBytes(60);
        Assert.True(_admission.TryLendBytes(60));
    }
}
