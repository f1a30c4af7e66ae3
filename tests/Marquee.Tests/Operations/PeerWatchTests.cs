using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Marquee.Grains;
using Marquee.Grains.Operations;
using Marquee.Storage.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Operations;

/// <summary>The watch as <see cref="GrainServices.AddPeerWatch"/> composes it, on one silo of three: the other two, the members and the store are the test's.</summary>
public sealed class PeerWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();

    /// <summary>Of the other silos.</summary>
    private int? _secondPort;
    private readonly TcpListener[] _ports = [.. Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
    private readonly SiloAddress _self;
    private readonly SiloAddress _other;
    private readonly SiloAddress _third;
    private readonly Members _members;
    private readonly Peers _peers;
    private readonly Table _table = new();
    private readonly Lines _lines = new();
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _running;

    public PeerWatchTests()
    {
        foreach (var port in _ports)
        {
            port.Start();
        }

        // Of a pair the silo with the lower address condemns the other.
        SiloAddress[] silos = [.. _ports.Select(port => SiloAddress.New((IPEndPoint)port.LocalEndpoint, 1)).Order()];
        (_self, _other, _third) = (silos[0], silos[1], silos[2]);
        (_members, _peers) = (new Members(silos), new Peers());
        var silo = new Composition();
        silo.AddPeerWatch();
        silo.Services
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<IClusterMembershipService>(_members)
            .AddSingleton<ILocalSiloDetails>(new Details(_self))
            .AddSingleton<IPeerOpinions>(_peers)
            .AddSingleton<IPartitionLog>(new EmptyLog())
            .AddSingleton<IMembershipTable>(_table)
            .AddSingleton<NodeState>()
            .AddSingleton<EvictionNotice>()
            .AddLogging(logging => logging.AddProvider(_lines));
        _services = silo.Services.BuildServiceProvider();
        _running = [.. _services.GetServices<IHostedService>()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _running)
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        foreach (var port in _ports)
        {
            port.Dispose();
        }
    }

    [Fact]
    public async Task AllAnswer_NobodyIsDeclaredDead()
    {
        await RunAsync(60, () => false);
        Assert.Empty(_members.Killed);
        Assert.DoesNotContain(_lines.Written, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task APairThatIsCut_TheHigherIsDeclaredDeadWithinAMinuteAndTheReasonIsLogged()
    {
        await RunAsync(10, () => false);
        _peers.Hung[_other] = true;
        await RunAsync(60, () => _members.Killed.Count > 0);
        Assert.Equal([_other], _members.Killed);
        Assert.Contains(_lines.Written, line => line.Level == LogLevel.Error && line.Text.StartsWith($"Most calls from here to silo {_other} have failed for ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APeerThatAnswersNobody_IsDeclaredDeadAndTheReasonIsLogged()
    {
        await RunAsync(10, () => false);
        _peers.Hung[_other] = true;
        _peers.IsSilentToThird = true;
        await RunAsync(20, () => _members.Killed.Count > 0);
        Assert.Equal([_other], _members.Killed);
        Assert.Contains(_lines.Written, line => line.Level == LogLevel.Error && line.Text.StartsWith($"Silo {_other} has answered nobody for ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AProcessThatHasEnded_IsDeclaredDeadWithinSecondsAndTheReasonIsLogged()
    {
        await RunAsync(10, () => false, _other, _third);
        Refuse(_other);
        await RunAsync(8, () => _members.Killed.Count > 0, _third);
        Assert.Equal([_other], _members.Killed);
        Assert.Contains(_lines.Written, line => line.Level == LogLevel.Warning && line.Text.StartsWith($"Nothing listens any more where silo {_other} did", StringComparison.Ordinal));
    }

    /// <remarks>A firewall that answers with resets in a silo's place; what the silo opened itself lives.</remarks>
    [Fact]
    public async Task APeerThatRefusesAndStillCalls_IsNotTakenForOneThatHasEnded()
    {
        await RunAsync(10, () => false, _other, _third);
        Refuse(_other);
        await RunAsync(9, () => _members.Killed.Count > 0, _other, _third);
        Assert.Empty(_members.Killed);
    }

    /// <remarks>As above, and what the others had opened was all that it had.</remarks>
    [Fact]
    public async Task APeerThatRefusesSilosAndTakesRequests_IsNotTakenForOneThatHasEnded()
    {
        using var requests = new TcpListener(IPAddress.Loopback, 0);
        requests.Start();
        _secondPort = ((IPEndPoint)requests.LocalEndpoint).Port;
        await RunAsync(10, () => false, _other, _third);
        Refuse(_other);
        await RunAsync(8, () => _members.Killed.Count > 0, _third);
        Assert.Empty(_members.Killed);
        requests.Stop();
        await RunAsync(2, () => _members.Killed.Count > 0, _third);

        // The ports are real ones, and asked while the clock of the test stands.
        for (var turn = 0; _members.Killed.Count == 0 && turn < 1_000; turn++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal([_other], _members.Killed);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", 8080)]
    [InlineData("http://*:80/;https://*:443", 80)]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("http://localhost", null)]
    [InlineData(null, null)]
    public void SecondPort_OfAddresses_IsThatOfTheFirst(string? urls, int? port) => Assert.Equal(port, SecondPort.Of(urls).Number);

    [Fact]
    public async Task APeerThatDoesNotCallAnyMore_TheMembersAreReadUntilItDoes()
    {
        await RunAsync(10, () => false, _other, _third);
        var before = _members.Refreshed;
        await RunAsync(6, () => false, _third);
        Assert.InRange(_members.Refreshed, before + 5, int.MaxValue);
        await RunAsync(2, () => false, _other, _third);
        before = _members.Refreshed;
        await RunAsync(6, () => false, _other, _third);
        Assert.Equal(before, _members.Refreshed);
    }

    /// <remarks>The process is ended by what reads the members; what it says then comes from the table.</remarks>
    [Fact]
    public async Task ItIsDeclaredDeadItself_FindsOutByWhom()
    {
        await RunAsync(10, () => false, _other, _third);
        Assert.Null(_services.GetRequiredService<EvictionNotice>().Find(TimeSpan.FromSeconds(10)));
        DeclareDead();
        await RunAsync(3, () => false, _third);
        _table.Own = null;
        Assert.Equal($"Declared dead by {_third} at 03:02:01 UTC; why is in the log there.", _services.GetRequiredService<EvictionNotice>().Find(TimeSpan.FromSeconds(10)));
    }

    /// <remarks>Then the process ends before this silo's own watch has looked.</remarks>
    [Fact]
    public async Task ItIsDeclaredDeadAndTheClusterTellsItFirst_FindsOutByWhomAtTheEnd()
    {
        await RunAsync(10, () => false, _other, _third);
        DeclareDead();
        Assert.Equal($"Declared dead by {_third} at 03:02:01 UTC; why is in the log there.", _services.GetRequiredService<EvictionNotice>().Find(TimeSpan.FromSeconds(10)));
    }

    private void DeclareDead() =>
        _table.Own = new MembershipEntry { SiloAddress = _self, Status = SiloStatus.Dead, SuspectTimes = [new(_third, new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc))] };

    private void Refuse(SiloAddress peer)
    {
        Array.Find(_ports, port => ((IPEndPoint)port.LocalEndpoint).Port == peer.Endpoint.Port)!.Stop();
        _peers.Refused[peer] = true;
    }

    /// <summary>Lets so much time pass, or less when that has happened; these peers call meanwhile.</summary>
    private async Task RunAsync(int seconds, Func<bool> until, params SiloAddress[] calling)
    {
        if (!_peers.HasBegun)
        {
            foreach (var service in _running)
            {
                await service.StartAsync(TestContext.Current.CancellationToken);
            }

            // Its timer begins on a thread of its own.
            for (var turn = 0; _peers.Pings < _members.Others(_self); turn++)
            {
                Assert.True(turn < 5_000, "Nobody watches the peers.");
                _time.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        var calls = _services.GetRequiredService<PeerCalls>();
        for (var tick = 0; tick < seconds * 2 && !until(); tick++)
        {
            foreach (var peer in calling)
            {
                calls.Hear(peer, _secondPort);
            }

            var asked = _peers.Pings;
            _time.Advance(Tick);

            // The watch runs on threads of its own; it has looked when it has called all.
            for (var turn = 0; _peers.Pings < asked + _members.Others(_self); turn++)
            {
                Assert.True(turn < 5_000, "Nobody watches the peers.");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Composition : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }

    /// <summary>The others, as this silo reaches them.</summary>
    private sealed class Peers : IPeerOpinions
    {
        private int _pings;

        public int Pings => Volatile.Read(ref _pings);

        public bool HasBegun => Pings > 0;

        public ConcurrentDictionary<SiloAddress, bool> Hung { get; } = [];

        public ConcurrentDictionary<SiloAddress, bool> Refused { get; } = [];

        public volatile bool IsSilentToThird;

        public Task Ping(SiloAddress peer)
        {
            Interlocked.Increment(ref _pings);
            return Hung.ContainsKey(peer) ? new TaskCompletionSource().Task
                : Refused.ContainsKey(peer) ? Task.FromException(new SiloUnavailableException("Refused."))
                : Task.CompletedTask;
        }

        public Task<bool> IsRefusedBy(SiloAddress peer, SiloAddress third) => Task.FromResult(Refused.ContainsKey(third));

        public Task<bool> IsSilentTo(SiloAddress peer, SiloAddress third) => Task.FromResult(IsSilentToThird);

        public Task<TimeSpan> WithoutStoreFor(SiloAddress peer) => Task.FromResult(TimeSpan.Zero);
    }

    private sealed class Members(SiloAddress[] silos) : IClusterMembershipService
    {
        private readonly Lock _lock = new();
        private int _refreshed;
        private volatile ClusterMembershipSnapshot _current = Of(silos, 1);

        public ClusterMembershipSnapshot CurrentSnapshot => _current;

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ConcurrentQueue<SiloAddress> Killed { get; } = [];

        public int Refreshed => Volatile.Read(ref _refreshed);

        public int Others(SiloAddress self) => _current.ActiveBut(self).Count();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _refreshed);
            return ValueTask.CompletedTask;
        }

        public Task<bool> TryKill(SiloAddress siloAddress)
        {
            lock (_lock)
            {
                Killed.Enqueue(siloAddress);
                _current = Of([.. _current.Active().Where(silo => !silo.Equals(siloAddress))], _current.Version.Value + 1);
            }

            return Task.FromResult(true);
        }

        private static ClusterMembershipSnapshot Of(SiloAddress[] silos, long version) => new(
            silos.ToImmutableDictionary(silo => silo, silo => new ClusterMember(silo, SiloStatus.Active, silo.ToString())),
            new MembershipVersion(version));
    }

    private sealed class Table : IMembershipTable
    {
        public volatile MembershipEntry? Own;

        public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
        {
            var version = new TableVersion(1, "1");
            return Task.FromResult(Own is { } own ? new MembershipTableData(Tuple.Create(own, "1"), version) : new MembershipTableData(version));
        }

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadAll() => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }

    private sealed class Details(SiloAddress silo) : ILocalSiloDetails
    {
        public string Name => silo.ToString();

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => silo;

        public SiloAddress GatewayAddress => silo;
    }

    /// <summary>A store that is always reached.</summary>
    private sealed class EmptyLog : IPartitionLog
    {
        public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue((logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
