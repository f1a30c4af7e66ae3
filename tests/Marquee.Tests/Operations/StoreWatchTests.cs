using System.Runtime.CompilerServices;
using Marquee.Grains.Operations;
using Marquee.Storage.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Operations;

/// <summary>Tries to reach a store that comes and goes.</summary>
public sealed class StoreWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GoneLog _log = new();
    private readonly NodeState _node;
    private readonly PeerCalls _calls;
    private readonly StoreWatch _watch;

    public StoreWatchTests()
    {
        _node = new NodeState(_time);
        _node.Ready();
        _calls = new PeerCalls(new FakeSilo(SiloAddress.FromParsableString("127.0.0.1:1@1")), _time);
        _watch = new StoreWatch(_log, _node, _calls, _time, NullLogger<StoreWatch>.Instance);
    }

    [Fact]
    public async Task AStoreThatAnotherReaches_TheNodeIsNotReadyUntilItReachesItToo()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await Try(2);
        _watch.TellOneThatReachesIt();
        _log.IsGone = true;
        await Try(2);
        await Shows(withoutSeconds: 1, withinReachSeconds: 0);
        _watch.TellOneThatReachesIt();
        Assert.True(_node.IsReady);
        await Try(3);
        await Until(() => !_node.IsReady);
        Assert.Contains("store", _node.Activity, StringComparison.Ordinal);

        _log.IsGone = false;
        await Try(1);
        await Until(() => _node.IsReady);
        await _watch.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <remarks>Without a node that is ready nobody would be answered at all, and reads can be.</remarks>
    [Fact]
    public async Task AStoreThatNobodyReaches_TheNodeStaysReady()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await Try(2);
        _watch.TellOneThatReachesIt();
        _log.IsGone = true;
        await Try(9);
        await Shows(withoutSeconds: 8, withinReachSeconds: 0);
        Assert.True(_node.IsReady);
        await _watch.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <remarks>Nobody can tell it that the store is there.</remarks>
    [Fact]
    public async Task NeitherTheStoreNorAPeer_TheNodeIsNotReadyUntilAPeerCalls()
    {
        var peer = SiloAddress.FromParsableString("127.0.0.1:2@2");
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        _calls.Hear(peer, null);
        await Try(2);
        _log.IsGone = true;
        _calls.Hear(peer, null);
        await Try(3);
        await Shows(withoutSeconds: 2, withinReachSeconds: 0);
        Assert.True(_node.IsReady);
        await Try(2);
        await Until(() => !_node.IsReady);
        Assert.Contains("other nodes", _node.Activity, StringComparison.Ordinal);

        _calls.Hear(peer, null);
        await Try(1);
        await Until(() => _node.IsReady);
        await _watch.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void BeforeTheFirstTry_NothingIsSaid()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (_watch.WithoutFor, _watch.WithinReachFor));
    }

    [Fact]
    public async Task AStoreThatIsReached_ThenIsNot_ThenIs_EachIsCountedFromTheTryThatFoundIt()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await Try(12);
        await Shows(withoutSeconds: 0, withinReachSeconds: 11);

        _log.IsGone = true;
        await Try(11);
        await Shows(withoutSeconds: 10, withinReachSeconds: 0);

        _log.IsGone = false;
        await Try(3);
        await Shows(withoutSeconds: 0, withinReachSeconds: 2);
        await _watch.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AStoreThatNeverAnswers_IsNotReached()
    {
        await _watch.StartAsync(TestContext.Current.CancellationToken);
        await Try(2);
        await Shows(withoutSeconds: 0, withinReachSeconds: 1);
        _log.Hangs = true;
        await Try(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        await Shows(withoutSeconds: 3, withinReachSeconds: 0);
        await _watch.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task Try(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var asked = _log.Asked;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Until(() => _log.Asked > asked);
        }
    }

    private Task Shows(int withoutSeconds, int withinReachSeconds) => Until(
        () => (_watch.WithoutFor, _watch.WithinReachFor) == (TimeSpan.FromSeconds(withoutSeconds), TimeSpan.FromSeconds(withinReachSeconds)));

    /// <summary>The watch runs on a thread of its own.</summary>
    private static async Task Until(Func<bool> condition)
    {
        for (var turn = 0; !condition(); turn++)
        {
            Assert.True(turn < 5_000, "It did not come to that.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private sealed class GoneLog : IPartitionLog
    {
        private int _asked;

        public volatile bool IsGone;
        public volatile bool Hangs;

        public int Asked => Volatile.Read(ref _asked);

        public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }

            if (IsGone)
            {
                throw new StoreUnavailableException("Gone.");
            }

            yield break;
        }

        public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
