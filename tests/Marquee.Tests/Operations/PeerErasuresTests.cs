using System.Collections.Concurrent;
using System.Net;
using Marquee.Grains.Operations;
using Marquee.Tests.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marquee.Tests.Operations;

/// <summary>An erasure is told to every silo that could give an answer of before.</summary>
public sealed class PeerErasuresTests : IDisposable
{
    private static readonly SiloAddress[] All = [.. Enumerable.Range(1, 4).Select(number => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), number))];

    private readonly ArmedTime _time = new();
    private readonly FakeMembers _members = new(All[..3]);
    private readonly FakeManifests _manifests = new();
    private readonly ConcurrentBag<SiloAddress> _told = [];
    private readonly CancellationTokenSource _given;
    private readonly PeerErasures _erasures;

    public PeerErasuresTests()
    {
        _given = new CancellationTokenSource(TimeSpan.FromSeconds(16), _time);
        _erasures = new PeerErasures(_members, _manifests, new FakeSilo(All[0]), _time, NullLogger<PeerErasures>.Instance);
        _time.Advance(MemberStanding.Holds);
    }

    public void Dispose() => _given.Dispose();

    [Fact]
    public async Task Tell_AllAnswer_EveryOtherSiloWasToldOnce()
    {
        await _erasures.Tell(Tell, _given.Token);

        Assert.Equal(All[1..3].Order(), _told.Order());
    }

    /// <remarks>The silo that tells may not have heard of one that has joined, and has answered viewers since.</remarks>
    [Fact]
    public async Task Tell_ASiloHasJoinedUnheard_IsTold()
    {
        _members.Store(All);
        await _erasures.Tell(Tell, _given.Token);

        Assert.Contains(All[3], _told);
    }

    [Fact]
    public async Task Tell_ASiloDoesNotAnswerForAWhile_IsToldAgainUntilItDoes()
    {
        var failures = 3;
        await _time.PassUntilAsync(_erasures.Tell(peer => peer.Equals(All[2]) && failures-- > 0 ? throw new TimeoutException() : Tell(peer), _given.Token));

        Assert.Equal(All[1..3].Order(), _told.Order());
    }

    [Fact]
    public async Task Tell_ASiloNeverAnswers_Fails()
    {
        var telling = _erasures.Tell(peer => peer.Equals(All[2]) ? Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) : Tell(peer), _given.Token);
        await _time.PassUntilAsync(telling.ContinueWith(_ => { }, TaskScheduler.Default));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling);
    }

    /// <remarks>It may live on and not know that it is out: until then it may give an answer that it was given before.</remarks>
    [Fact]
    public async Task Tell_ASiloIsDeclaredDeadWithoutHavingBeenTold_WaitsUntilItIsSilent()
    {
        DateTimeOffset? declared = null;
        await _time.PassUntilAsync(_erasures.Tell(
            peer =>
            {
                if (peer.Equals(All[2]))
                {
                    declared = _time.GetUtcNow();
                    _members.Store(All[..2]);
                    throw new TimeoutException();
                }

                return Tell(peer);
            },
            _given.Token));

        Assert.Equal([All[1]], _told);
        Assert.True(_time.GetUtcNow() - declared >= MemberStanding.Holds);
    }

    [Fact]
    public async Task Tell_ASiloWasDeclaredDeadAMomentBefore_WaitsUntilItIsSilent()
    {
        await _erasures.Tell(Tell, _given.Token);
        _members.Set(All[..2]);

        Assert.Equal(MemberStanding.Holds, await _time.PassUntilAsync(_erasures.Tell(Tell, _given.Token)));
        Assert.Equal(TimeSpan.Zero, await _time.PassUntilAsync(_erasures.Tell(Tell, _given.Token)));
    }

    /// <remarks>It cannot be told, and the erasure must not fail for that while a cluster is upgraded.</remarks>
    [Fact]
    public async Task Tell_ASiloOfAnOlderBuild_IsNotTold()
    {
        _manifests.Add(All[1], knows: true);
        _manifests.Add(All[2], knows: false);
        await _erasures.Tell(Tell, _given.Token);

        Assert.Equal([All[1]], _told);
    }

    [Fact]
    public async Task Tell_MembersCannotBeRead_WaitsForThem()
    {
        _members.IsUnreadable = true;
        var telling = _erasures.Tell(Tell, _given.Token);
        Assert.Empty(_told);
        _members.IsUnreadable = false;
        await _time.PassUntilAsync(telling);

        Assert.Equal(All[1..3].Order(), _told.Order());
    }

    private Task Tell(SiloAddress peer)
    {
        _told.Add(peer);
        return Task.CompletedTask;
    }
}
