using System.Net;
using Marquee.Grains.Operations;

namespace Marquee.Tests.Operations;

/// <summary>During a rolling upgrade packed messages go to those alone that read them.</summary>
public sealed class PackedFormsTests
{
    private static readonly SiloAddress First = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Second = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly FakeManifests _manifests = new();
    private readonly PackedForms _packed;

    public PackedFormsTests() => _packed = new PackedForms(_manifests);

    [Fact]
    public void AreKnownTo_EachSilo_IsWhatItSaysItself()
    {
        _manifests.Add(First, knows: true);
        _manifests.Add(Second, knows: false);
        Assert.Equal((true, false), (_packed.AreKnownTo(First), _packed.AreKnownTo(Second)));
    }

    [Fact]
    public void AreKnownTo_ASiloThatHasNotSaidAnything_IsFalse() => Assert.False(_packed.AreKnownTo(First));

    [Fact]
    public void AreKnownToAll_OneOfAnOlderBuildComesAndGoes_FollowsIt()
    {
        _manifests.Add(First, knows: true);
        Assert.True(_packed.AreKnownToAll);
        _manifests.Add(Second, knows: false);
        Assert.False(_packed.AreKnownToAll);
        _manifests.Remove(Second);
        Assert.True(_packed.AreKnownToAll);
    }
}
