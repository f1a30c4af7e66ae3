using System.Net;
using Marquee.Grains;
using Marquee.Grains.Events;
using Marquee.Tests.Operations;
using Microsoft.Extensions.Options;

namespace Marquee.Tests.Events;

/// <summary>Three silos come to the same division of the partitions, and each knows its own.</summary>
public sealed class PartitionSilosTests
{
    private const int Partitions = 16;

    private static readonly SiloAddress[] All = [.. Enumerable.Range(1, 3).Select(number => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), number))];

    [Fact]
    public void FindOther_EachPartitionIsOneSilosOwn_AndTheOthersNameThatOne()
    {
        var members = new FakeMembers(All);
        var views = All.Select(silo => new PartitionSilos(Owners(), null!, FakeManifests.AllKnow(All), members, new FakeSilo(silo))).ToArray();
        for (var partition = 0; partition < Partitions; partition++)
        {
            var named = views.Select(view => view.FindOther(partition)).ToArray();
            var owner = Array.IndexOf(named, null);
            Assert.Equal(Array.ConvertAll(All, silo => silo == All[owner] ? null : All[owner]), named);
        }
    }

    [Fact]
    public void FindOther_ASiloLeaves_IsNotNamedAnyMore()
    {
        var members = new FakeMembers(All);
        var view = new PartitionSilos(Owners(), null!, FakeManifests.AllKnow(All), members, new FakeSilo(All[0]));
        Assert.Contains(All[2], Named(view));
        members.Set(All[..2]);
        Assert.DoesNotContain(All[2], Named(view));
        Assert.Contains(All[1], Named(view));
    }

    /// <remarks>Its partitions are told one by one.</remarks>
    [Fact]
    public void FindOther_ASiloOfAnOlderBuild_IsNotNamed()
    {
        var view = new PartitionSilos(Owners(), null!, FakeManifests.AllKnow(All[..2]), new FakeMembers(All), new FakeSilo(All[0]));
        Assert.DoesNotContain(All[2], Named(view));
        Assert.Contains(All[1], Named(view));
    }

    /// <remarks>Until it has joined it knows no members.</remarks>
    [Fact]
    public void FindOther_NoMembers_NamesNobody() =>
        Assert.All(Named(new PartitionSilos(Owners(), null!, FakeManifests.AllKnow(All), new FakeMembers([]), new FakeSilo(All[0]))), Assert.Null);

    private static SiloAddress?[] Named(PartitionSilos view) => [.. Enumerable.Range(0, Partitions).Select(view.FindOther)];

    private static PartitionOwners Owners() => new(Options.Create(new MarqueeOptions { PartitionCount = Partitions }));
}
