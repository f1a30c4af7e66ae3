using System.Net;
using Marquee.Grains.Operations;

namespace Marquee.Tests.Operations;

/// <summary>Three silos that see only their own calls come to one answer.</summary>
public sealed class PeerVerdictsTests
{
    private static readonly SiloAddress A = Silo(1);
    private static readonly SiloAddress B = Silo(2);
    private static readonly SiloAddress C = Silo(3);
    private static readonly SiloAddress[] All = [A, B, C];

    [Fact]
    public void Judge_EverybodyAnswers_NobodyHasToGo() => Assert.Null(FirstVerdict((_, _, _) => true));

    [Fact]
    public void Judge_TwoDoNotReachEachOther_TheOneWithTheHigherAddressGoesWithinAMinute()
    {
        var (judge, verdict, at) = FirstVerdict((from, to, _) => (from, to) != (A, B) && (from, to) != (B, A))!.Value;
        Assert.Equal((A, B), (judge, verdict.Peer));
        Assert.InRange(at, 19, 32);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Judge_OneIsNotReachedButReachesOthers_ThatOneGoesWithinAMinute(int number)
    {
        var (_, verdict, at) = FirstVerdict((_, to, _) => !to.Equals(Silo(number)))!.Value;
        Assert.Equal(Silo(number), verdict.Peer);
        Assert.InRange(at, 19, 46);
    }

    [Fact]
    public void Judge_OneReachesNobody_CondemnsNobody() => Assert.Null(FirstVerdict((from, _, _) => !from.Equals(A)));

    [Fact]
    public void Judge_EverySecondCallFails_NobodyHasToGo() => Assert.Null(FirstVerdict((_, to, second) => !to.Equals(B) || second % 2 == 0));

    [Fact]
    public void Judge_AFaultThatGoesBy_NobodyHasToGo() => Assert.Null(FirstVerdict((_, to, second) => !to.Equals(B) || second is < 20 or > 30));

    [Fact]
    public void Judge_MostCallsFail_ThePeerGoes() =>
        Assert.Equal(B, FirstVerdict((_, to, second) => !to.Equals(B) || second % 3 == 0)!.Value.Verdict.Peer);

    [Fact]
    public void Judge_TwoOfTwo_LeaveItToTheClustersOwnProbes()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 120; second++)
        {
            verdicts.Observe(B, second < 3, TimeSpan.FromSeconds(second));
            Assert.Null(verdicts.Judge([B], TimeSpan.FromSeconds(second)));
        }
    }

    [Fact]
    public void Judge_TheSiloItselfWasFrozen_BeginsAnew()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 15; second++)
        {
            Observe(verdicts, second, answers: second < 3);
        }

        Assert.Null(verdicts.Judge([B, C], TimeSpan.FromSeconds(100)));
        Observe(verdicts, 101, answers: false);
        Assert.Null(verdicts.Judge([B, C], TimeSpan.FromSeconds(101)));
    }

    [Fact]
    public void Judge_APeerLeftAndAnotherHasItsPlace_OldFailuresDoNotCount()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 14; second++)
        {
            Observe(verdicts, second, answers: second < 3);
            Assert.Null(verdicts.Judge([B, C], TimeSpan.FromSeconds(second)));
        }

        Assert.Null(verdicts.Judge([C], TimeSpan.FromSeconds(18)));
        Assert.Null(verdicts.Judge([B, C], TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void IsSilent_FromTheSecondThatTheLastAnswerIsTenSecondsOld()
    {
        var verdicts = new PeerVerdicts(A);
        var silentFrom = 0;
        for (var second = 0; second < 30 && silentFrom == 0; second++)
        {
            Observe(verdicts, second, answers: second < 5);
            silentFrom = verdicts.IsSilent(B, TimeSpan.FromSeconds(second)) ? second : 0;
            Assert.False(verdicts.IsSilent(C, TimeSpan.FromSeconds(second)));
        }

        Assert.Equal(15, silentFrom);
    }

    [Fact]
    public void IsSilent_OneAnswerInTen_IsNot()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 60; second++)
        {
            Observe(verdicts, second, answers: second % 10 == 0);
            Assert.False(verdicts.IsSilent(B, TimeSpan.FromSeconds(second)));
        }
    }

    [Fact]
    public void IsSilent_TheSiloItselfWasFrozen_BeginsAnew()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 5; second++)
        {
            Observe(verdicts, second, answers: true);
        }

        Observe(verdicts, 100, answers: false);
        Assert.False(verdicts.IsSilent(B, TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void IsSilent_APeerOfWhomNothingIsKnown_IsNot()
    {
        var verdicts = new PeerVerdicts(A);
        Assert.False(verdicts.IsSilent(B, TimeSpan.FromSeconds(60)));
        for (var second = 0; second < 60; second++)
        {
            Observe(verdicts, second, answers: false);
        }

        Assert.False(verdicts.IsSilent(B, TimeSpan.FromSeconds(60)));
    }

    private static void Observe(PeerVerdicts verdicts, int second, bool answers)
    {
        verdicts.Observe(B, answers, TimeSpan.FromSeconds(second));
        verdicts.Observe(C, true, TimeSpan.FromSeconds(second));
    }

    [Fact]
    public void Judge_APeerThatNeverAnswered_IsTakenForAnOlderVersion()
    {
        var verdicts = new PeerVerdicts(A);
        for (var second = 0; second < 120; second++)
        {
            Observe(verdicts, second, answers: false);
            Assert.Null(verdicts.Judge([B, C], TimeSpan.FromSeconds(second)));
        }
    }

    /// <summary>Has all three look for two minutes, a call a second; all is well for the first ten.</summary>
    private static (SiloAddress Judge, PeerVerdict Verdict, int Second)? FirstVerdict(Func<SiloAddress, SiloAddress, int, bool> answers)
    {
        var verdicts = All.ToDictionary(silo => silo, silo => new PeerVerdicts(silo));
        for (var second = 0; second < 120; second++)
        {
            foreach (var silo in All)
            {
                SiloAddress[] peers = [.. All.Where(peer => !peer.Equals(silo))];
                foreach (var peer in peers)
                {
                    verdicts[silo].Observe(peer, second < 10 || answers(silo, peer, second), TimeSpan.FromSeconds(second));
                }

                if (verdicts[silo].Judge(peers, TimeSpan.FromSeconds(second)) is { } verdict)
                {
                    return (silo, verdict, second);
                }
            }
        }

        return null;
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_110 + number), 1);
}
