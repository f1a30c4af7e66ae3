using System.Net;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Operations;

/// <summary>A silo that may have been declared dead without its knowing does not take itself for one that takes part.</summary>
public sealed class MemberStandingTests
{
    private static readonly SiloAddress[] All = [.. Enumerable.Range(1, 2).Select(number => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), number))];

    private readonly FakeTimeProvider _time = new();
    private readonly FakeMembers _members = new(All);
    private readonly MemberStanding _standing;

    public MemberStandingTests() => _standing = new MemberStanding(_members, new FakeSilo(All[0]), _time);

    [Fact]
    public async Task IsConfirmed_MembersSaySo_ForAWhile()
    {
        Assert.True(await _standing.IsConfirmed());
        _members.IsUnreadable = true;
        _time.Advance(MemberStanding.Holds - TimeSpan.FromMilliseconds(1));
        Assert.True(await _standing.IsConfirmed());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await _standing.IsConfirmed());
        _members.IsUnreadable = false;
        Assert.True(await _standing.IsConfirmed());
    }

    [Fact]
    public async Task IsConfirmed_DeclaredDeadUnheard_IsNotOnceThatIsRead()
    {
        Assert.True(await _standing.IsConfirmed());
        _members.Store(All[1..]);
        _time.Advance(MemberStanding.Holds);
        Assert.False(await _standing.IsConfirmed());
    }

    /// <remarks>What was read says how it was when the reading began: a process may stand still before it looks at the answer.</remarks>
    [Fact]
    public async Task IsConfirmed_StoodStillWhileItRead_IsNot()
    {
        _members.Reading = () => _time.Advance(MemberStanding.Holds / 2);
        Assert.False(await _standing.IsConfirmed());
    }
}
