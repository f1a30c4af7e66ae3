using Marquee.Storage.Events;
using Marquee.Storage.Sqlite;
using SQLitePCL;

namespace Marquee.Tests.Storage.Sqlite;

public sealed class GroupCommitWriterTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StoreFile _file;
    private readonly GroupCommitWriter<Session> _writer;
    private int _connections;
    private int _losses;

    public GroupCommitWriterTests()
    {
        _file = new StoreFile(_directory.File("numbers.db"), 7, [new StoreLayout(1, ["CREATE TABLE number (value INTEGER NOT NULL)"], [])], 0);
        _writer = new GroupCommitWriter<Session>(_file, Open, () => _losses++, 128);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Submit_WhileOneIsRunning_TheRestShareOneTransaction()
    {
        var (running, resume) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _writer.SubmitAsync(new Work(_ =>
        {
            running.SetResult();
            resume.Task.Wait(Cancellation);
            return 0;
        }), Cancellation);
        await running.Task;
        var rest = Enumerable.Range(0, 50).Select(_ => _writer.SubmitAsync(new Work(session => session.Sequence), Cancellation)).ToArray();
        resume.SetResult();
        await first;
        Assert.Single((await Task.WhenAll(rest)).Distinct());
    }

    [Fact]
    public async Task Submit_RequestThatThrowsByItself_LeavesTheOthersOfItsTransactionAlone()
    {
        var requests = Enumerable.Range(0, 30).Select(i => _writer.SubmitAsync(
            new Work(session => i % 3 == 0 ? throw new InvalidOperationException("refused") : session.Insert(i)), Cancellation)).ToArray();
        await Task.WhenAll(requests).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.All(requests.Index(), request => Assert.Equal(request.Index % 3 == 0, request.Item.IsFaulted));
        Assert.Equal(20, await CountAsync());
        Assert.Equal(1, _connections);
    }

    [Theory]
    [InlineData(raw.SQLITE_IOERR | (4 << 8))]
    [InlineData(raw.SQLITE_IOERR)]
    [InlineData(raw.SQLITE_NOMEM)]
    public async Task Submit_IoFailure_FailsTheTransactionClosesEverythingAndRecovers(int code)
    {
        await _writer.SubmitAsync(new Work(session => session.Insert(1)), Cancellation);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => _writer.SubmitAsync(new Work(session =>
        {
            session.Insert(2);
            throw new SqliteFailureException(code, "injected", "sync");
        }), Cancellation));
        Assert.Contains("Whether the write landed", failure.Message);
        Assert.Equal(1, _losses);
        await _writer.SubmitAsync(new Work(session => session.Insert(3)), Cancellation);
        Assert.Equal((2, 2), (await CountAsync(), _connections));
    }

    [Fact]
    public async Task Submit_NoRoom_RollsBackAndKeepsTheConnection()
    {
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => _writer.SubmitAsync(new Work(session =>
        {
            session.Insert(2);
            throw new SqliteFailureException(raw.SQLITE_FULL, "injected", "insert");
        }), Cancellation));
        Assert.Contains("No room", failure.Message);
        Assert.Equal((0, 1, 0), (await CountAsync(), _connections, _losses));
    }

    [Fact]
    public async Task Submit_WitnessAheadOfTheFileAfterAFailure_RefusesToGoOn()
    {
        await _writer.SubmitAsync(new Work(session => session.Insert(1)), Cancellation);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _writer.SubmitAsync(new Work(_ =>
        {
            using var witness = AcknowledgedWitness.Open(_file.WitnessPath, 0);
            witness.Write(1_000);
            throw new SqliteFailureException(raw.SQLITE_IOERR, "injected", "sync");
        }), Cancellation));
        var damaged = await Assert.ThrowsAsync<StoreDamagedException>(() => _writer.SubmitAsync(new Work(session => session.Insert(2)), Cancellation));
        Assert.StartsWith("transaction 1000", damaged.Expected);
    }

    [Fact]
    public async Task Submit_QueueFull_WaitsForRoomAndCanBeGivenUp()
    {
        var (running, resume) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _writer.SubmitAsync(new Work(_ =>
        {
            running.SetResult();
            resume.Task.Wait(Cancellation);
            return 0;
        }), Cancellation);
        await running.Task;
        var queued = Enumerable.Range(0, 127).Select(i => _writer.SubmitAsync(new Work(session => session.Insert(i)), Cancellation)).ToArray();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var refused = _writer.SubmitAsync(new Work(session => session.Insert(-1)), giveUp.Token);
        var waiting = _writer.SubmitAsync(new Work(session => session.Insert(-2)), Cancellation);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);
        Assert.False(waiting.IsCompleted);
        resume.SetResult();
        await Task.WhenAll([first, waiting, .. queued]);
        Assert.Equal(128, await CountAsync());
    }

    [Fact]
    public async Task Dispose_WithRequestsQueued_WritesThemFirstAndRefusesLaterOnes()
    {
        var requests = Enumerable.Range(0, 100).Select(i => _writer.SubmitAsync(new Work(session => session.Insert(i)), Cancellation)).ToArray();
        await _writer.DisposeAsync();
        await Task.WhenAll(requests);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _writer.SubmitAsync(new Work(session => session.Insert(1)), Cancellation));
    }

    private Task<long> CountAsync() => _writer.SubmitAsync(new Work(session => session.Count()), Cancellation);

    private Session Open(StoreConnection connection)
    {
        _connections++;
        return new Session(connection);
    }

    private sealed class Session(StoreConnection connection)
    {
        private readonly SqliteStatement _insert = connection.Database.Prepare("INSERT INTO number VALUES (?1)");

        public long Sequence => connection.Ledger.NextSequence;

        public long Insert(long value)
        {
            _insert.Bind(1, value);
            _insert.Run();
            return value;
        }

        public long Count() => long.Parse(connection.Database.Query("SELECT count(*) FROM number")!);
    }

    private sealed class Work(Func<Session, long> run) : WriteRequest<Session, long>
    {
        protected override long Run(Session session) => run(session);
    }
}
