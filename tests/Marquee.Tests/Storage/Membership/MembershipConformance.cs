using System.Globalization;
using System.Net;

namespace Marquee.Tests.Storage.Membership;

/// <summary>What every membership table keeps. An implementation inherits this in a few lines.</summary>
public abstract class MembershipConformance : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly string _clusterId = $"c{Guid.NewGuid():N}";
    private IMembershipTable _table = null!;

    /// <summary>Opens the table of a cluster; the same content for the same name.</summary>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="way">The way to the server, when it is not the straight one; then it gives up waiting for an answer after some seconds.</param>
    private protected abstract ValueTask<IMembershipTable> CreateAsync(string clusterId, BreakableWay? way = null);

    /// <summary>Lays what an earlier version stored of a cluster: at version 7 the silo of <see cref="Stored"/>, written at that version.</summary>
    protected abstract Task PutStoredAsync(string clusterId);

    public virtual async ValueTask InitializeAsync() => _table = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _table.DeleteMembershipTableEntriesAsync(_clusterId, Cancellation);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ReadAll_NewTable_IsEmptyWithAVersion()
    {
        var data = await _table.ReadAllAsync(Cancellation);
        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
    }

    [Fact]
    public async Task Insert_ThenRead_GivesEveryFieldBack()
    {
        var entry = Entry(1);
        entry.AddSuspector(Address(2), Noon.AddSeconds(3));
        Assert.True(await InsertAsync(entry));
        var data = await _table.ReadAllAsync(Cancellation);
        var (read, etag) = Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
        Assert.False(string.IsNullOrEmpty(etag));
        Assert.Equal(
            (entry.SiloAddress, entry.Status, entry.SiloName, entry.HostName, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime),
            (read.SiloAddress, read.Status, read.SiloName, read.HostName, read.ProxyPort, read.StartTime.ToUniversalTime(), read.IAmAliveTime.ToUniversalTime()));
        var (suspector, at) = Assert.Single(read.SuspectTimes!);
        Assert.Equal((Address(2), Noon.AddSeconds(3)), (suspector, at.ToUniversalTime()));
    }

    [Fact]
    public async Task ReadRow_GivesThatSiloOrNone()
    {
        await InsertAsync(Entry(1));
        await InsertAsync(Entry(2));
        Assert.Equal(Address(2), Assert.Single((await _table.ReadRowAsync(Address(2), Cancellation)).Members).Item1.SiloAddress);
        Assert.Empty((await _table.ReadRowAsync(Address(3), Cancellation)).Members);
        Assert.Equal(2, (await _table.ReadAllAsync(Cancellation)).Members.Count);
    }

    [Fact]
    public async Task Insert_SiloThatIsThere_IsRefusedAndChangesNothing()
    {
        await InsertAsync(Entry(1));
        Assert.False(await InsertAsync(Entry(1, SiloStatus.Dead)));
        var data = await _table.ReadAllAsync(Cancellation);
        Assert.Equal((1, SiloStatus.Joining), (data.Version.Version, Assert.Single(data.Members).Item1.Status));
    }

    [Fact]
    public async Task Insert_StaleVersion_IsRefused()
    {
        var stale = (await _table.ReadAllAsync(Cancellation)).Version;
        await InsertAsync(Entry(1));
        Assert.False(await _table.InsertRowAsync(Entry(2), stale.Next(), Cancellation));
        Assert.Single((await _table.ReadAllAsync(Cancellation)).Members);
    }

    [Fact]
    public async Task Update_OfWhatWasRead_ChangesRowVersionAndETag()
    {
        await InsertAsync(Entry(1));
        var before = await _table.ReadAllAsync(Cancellation);
        Assert.True(await _table.UpdateRowAsync(Entry(1, SiloStatus.Active), before.Members[0].Item2, before.Version.Next(), Cancellation));
        var after = await _table.ReadAllAsync(Cancellation);
        Assert.Equal((SiloStatus.Active, 2), (after.Members[0].Item1.Status, after.Version.Version));
        Assert.NotEqual(before.Version.VersionEtag, after.Version.VersionEtag);
    }

    [Fact]
    public async Task Update_StaleVersion_IsRefused()
    {
        await InsertAsync(Entry(1));
        var stale = await _table.ReadAllAsync(Cancellation);
        await InsertAsync(Entry(2));
        Assert.False(await _table.UpdateRowAsync(Entry(1, SiloStatus.Dead), stale.Members[0].Item2, stale.Version.Next(), Cancellation));
        Assert.All((await _table.ReadAllAsync(Cancellation)).Members, member => Assert.Equal(SiloStatus.Joining, member.Item1.Status));
    }

    [Fact]
    public async Task Update_ManyAtOnce_OneWinsEachVersion()
    {
        await InsertAsync(Entry(1));
        for (var round = 0; round < 5; round++)
        {
            var read = await _table.ReadAllAsync(Cancellation);
            var tables = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await CreateAsync(_clusterId)));
            var won = await Task.WhenAll(tables.Select((table, i) => TryAsync(() => table.UpdateRowAsync(Entry(1, i % 2 == 0 ? SiloStatus.Active : SiloStatus.Dead), read.Members[0].Item2, read.Version.Next(), Cancellation))));
            Assert.Single(won, true);
            Assert.Equal(read.Version.Version + 1, (await _table.ReadAllAsync(Cancellation)).Version.Version);
        }
    }

    [Fact]
    public async Task Insert_ManySilosAtOnce_AllJoinInSomeOrder()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async number =>
        {
            var table = await CreateAsync(_clusterId);
            while (!await TryAsync(async () => await table.InsertRowAsync(Entry(number), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation)))
            {
                await Task.Delay(Random.Shared.Next(20));
            }
        }));
        var data = await _table.ReadAllAsync(Cancellation);
        Assert.Equal((8, 8), (data.Members.Count, data.Version.Version));
    }

    [Fact]
    public async Task IAmAlive_ChangesTheTimeAndNoVersion()
    {
        await InsertAsync(Entry(1));
        var before = await _table.ReadAllAsync(Cancellation);
        var alive = Entry(1);
        alive.IAmAliveTime = Noon.AddMinutes(5);
        await _table.UpdateIAmAliveAsync(alive, Cancellation);
        var after = await _table.ReadAllAsync(Cancellation);
        Assert.Equal(Noon.AddMinutes(5), after.Members[0].Item1.IAmAliveTime.ToUniversalTime());
        Assert.Equal(before.Version.Version, after.Version.Version);
        Assert.True(await _table.UpdateRowAsync(Entry(1, SiloStatus.Active), before.Members[0].Item2, after.Version.Next(), Cancellation));
    }

    [Fact]
    public async Task Cleanup_RemovesOldDeadSilosOnly()
    {
        var (fresh, alive) = (Entry(2, SiloStatus.Dead), Entry(3, SiloStatus.Active));
        fresh.IAmAliveTime = fresh.StartTime = Noon.AddDays(2);
        await InsertAsync(Entry(1, SiloStatus.Dead));
        await InsertAsync(fresh);
        await InsertAsync(alive);
        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Noon.AddDays(1)), Cancellation);
        Assert.Equal([Address(2), Address(3)], (await _table.ReadAllAsync(Cancellation)).Members.Select(member => member.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task Tables_OfTwoClusters_AreKeptApart()
    {
        await InsertAsync(Entry(1));
        var name = $"other{Guid.NewGuid():N}";
        var other = await CreateAsync(name);
        await other.InitializeMembershipTableAsync(true, Cancellation);
        Assert.Empty((await other.ReadAllAsync(Cancellation)).Members);
        await other.DeleteMembershipTableEntriesAsync(name, Cancellation);
        Assert.Single((await _table.ReadAllAsync(Cancellation)).Members);
    }

    [Fact]
    public async Task Insert_AnswerLostButLanded_IsThereOnceAndRefusedWhenTriedAgain()
    {
        using var way = new BreakableWay();
        var table = await CreateAsync(_clusterId, way);
        var version = (await table.ReadAllAsync(Cancellation)).Version.Next();
        way.LoseAnswers();
        await Assert.ThrowsAnyAsync<Exception>(() => table.InsertRowAsync(Entry(1), version, Cancellation));
        way.Heal();
        Assert.False(await TryAsync(() => _table.InsertRowAsync(Entry(1, SiloStatus.Dead), version, Cancellation)));
        Assert.False(await InsertAsync(Entry(1, SiloStatus.Dead)));
        var data = await _table.ReadAllAsync(Cancellation);
        Assert.Equal((1, SiloStatus.Joining), (data.Version.Version, Assert.Single(data.Members).Item1.Status));
        Assert.True(await InsertAsync(Entry(2)));
    }

    [Fact]
    public async Task Update_AnswerLostButLanded_IsThereOnceAndRefusedWhenTriedAgain()
    {
        await InsertAsync(Entry(1));
        using var way = new BreakableWay();
        var table = await CreateAsync(_clusterId, way);
        var read = await table.ReadAllAsync(Cancellation);
        way.LoseAnswers();
        await Assert.ThrowsAnyAsync<Exception>(() => table.UpdateRowAsync(Entry(1, SiloStatus.Active), read.Members[0].Item2, read.Version.Next(), Cancellation));
        way.Heal();
        Assert.False(await TryAsync(() => _table.UpdateRowAsync(Entry(1, SiloStatus.Dead), read.Members[0].Item2, read.Version.Next(), Cancellation)));
        var data = await _table.ReadAllAsync(Cancellation);
        Assert.Equal((2, SiloStatus.Active), (data.Version.Version, Assert.Single(data.Members).Item1.Status));
        Assert.True(await _table.UpdateRowAsync(Entry(1, SiloStatus.Dead), data.Members[0].Item2, data.Version.Next(), Cancellation));
    }

    [Fact]
    public async Task Read_RowsOfAnEarlierVersion_GivesWhatWasWrittenAndIsReplacedByItsETag()
    {
        var name = $"stored{Guid.NewGuid():N}";
        await PutStoredAsync(name);
        var table = await CreateAsync(name);
        await table.InitializeMembershipTableAsync(true, Cancellation);
        var data = await table.ReadAllAsync(Cancellation);
        var (read, etag) = Assert.Single(data.Members);
        Assert.Equal(
            (7, Stored.SiloAddress, Stored.Status, Stored.SiloName, Stored.HostName, Stored.ProxyPort, Stored.StartTime, Stored.IAmAliveTime),
            (data.Version.Version, read.SiloAddress, read.Status, read.SiloName, read.HostName, read.ProxyPort, read.StartTime.ToUniversalTime(), read.IAmAliveTime.ToUniversalTime()));
        var (suspector, at) = Assert.Single(read.SuspectTimes!);
        Assert.Equal((Address(2), Noon.AddSeconds(3)), (suspector, at.ToUniversalTime()));
        Assert.True(await table.UpdateRowAsync(Entry(1, SiloStatus.Dead), etag, data.Version.Next(), Cancellation));
        Assert.Equal(8, (await table.ReadAllAsync(Cancellation)).Version.Version);
        await table.DeleteMembershipTableEntriesAsync(name, Cancellation);
    }

    [Fact]
    public async Task Initialize_Again_KeepsWhatIsThere()
    {
        await InsertAsync(Entry(1));
        Assert.Single((await (await OpenAsync()).ReadAllAsync(Cancellation)).Members);
    }

    /// <summary>Silo <c>127.0.0.1:11001@4001</c>, suspected by <c>127.0.0.1:11002@4002</c> three seconds after noon of 1 March 2026, when it started.</summary>
    private static MembershipEntry Stored
    {
        get
        {
            var entry = Entry(1, SiloStatus.Active);
            entry.AddSuspector(Address(2), Noon.AddSeconds(3));
            return entry;
        }
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException)
        {
            // A provider may also refuse by throwing.
            return false;
        }
    }

    private static SiloAddress Address(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + number), 4_000 + number);

    private static MembershipEntry Entry(int number, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = Address(number),
        Status = status,
        SiloName = string.Create(CultureInfo.InvariantCulture, $"Silo_{number}"),
        HostName = "node.internal",
        ProxyPort = 30_000 + number,
        StartTime = Noon,
        IAmAliveTime = Noon.AddSeconds(number),
        SuspectTimes = [],
    };

    private async ValueTask<IMembershipTable> OpenAsync()
    {
        var table = await CreateAsync(_clusterId);
        await table.InitializeMembershipTableAsync(true, Cancellation);
        return table;
    }

    private async Task<bool> InsertAsync(MembershipEntry entry) => await _table.InsertRowAsync(entry, (await _table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);
}
