using System.Globalization;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Storage.Sqlite;

namespace Marquee.Tests.Storage.Snapshots;

public sealed class StateLayoutTests : IDisposable
{
    private const int Users = 500;
    private const int LargeBytes = 4 << 20;

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => _directory.File(SqliteGrainStorage.FileName);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_OlderLayout_KeepsEveryStateAndItsETag()
    {
        WriteOlderLayout();

        await using (var storage = StateStores.Open(_directory.Path))
        {
            var all = await storage.ReadAllAsync("user", Cancellation).ToListAsync(Cancellation);
            Assert.Equal(Enumerable.Range(0, Users).Select(i => ($"user/u{i:000}", i)), all.Where(state => state.Payload.Length < LargeBytes).Select(state => (state.GrainId, (int)BitConverter.ToInt64(state.Payload.Span))));
            await storage.WriteStateAsync("taste", GrainId.Create("user", "another"), new HeldState(new TasteState { Plays = 3 }));
        }

        // Every row is checked against the ledger, which the older layout wrote.
        var report = LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(Users + 2, report.Snapshots);
        using var reader = SqliteDatabase.OpenReader(FilePath);
        Assert.Equal("2", reader.Query("PRAGMA user_version"));
        Assert.Equal("1", reader.Query("SELECT version FROM state WHERE grain_id = 'user/u007'"));
    }

    /// <summary>The store is checked before it is brought to the newest layout, and by a tool that only reads.</summary>
    [Fact]
    public void Verify_OlderLayout_IsSoundAndStaysAsItIs()
    {
        WriteOlderLayout();

        var report = LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation);

        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        using var reader = SqliteDatabase.OpenReader(FilePath);
        Assert.Equal("1", reader.Query("PRAGMA user_version"));
    }

    [Fact]
    public void Open_OlderLayoutWithoutRoomForTheNewest_LeavesItWhole()
    {
        WriteOlderLayout();
        var bytes = new FileInfo(FilePath).Length;

        Assert.Throws<StoreUnavailableException>(() => StateStores.Open(_directory.Path, new SqliteStorageOptions { SnapshotBytesMax = bytes + (1 << 20) }));

        Assert.True(LogVerifier.Verify(_directory.Path, cancellationToken: Cancellation).IsSound);
        using var reader = SqliteDatabase.OpenReader(FilePath);
        Assert.Equal("1", reader.Query("PRAGMA user_version"));
    }

    /// <summary>A model of megabytes lies among the viewers' snapshots: in the older layout each look-up that met it read it.</summary>
    [Fact]
    public async Task Read_BesideALargeState_ReadsAFewPages()
    {
        WriteOlderLayout();
        await StateStores.Open(_directory.Path).DisposeAsync();
        using var database = SqliteDatabase.OpenReader(FilePath);
        var reader = new StateReader(database);

        var before = BytesReadByThisThread();
        for (var i = 0; i < Users; i++)
        {
            Assert.NotNull(reader.Read(new StateKey("user", $"user/u{i:000}")));
        }

        Assert.InRange(BytesReadByThisThread() - before, 1, LargeBytes);
    }

    /// <summary>Snapshots of viewers with a state of 4 MiB among them, as the version before wrote them.</summary>
    private void WriteOlderLayout()
    {
        using (DataDirectory.Open(_directory.Path, 64))
        {
            var file = new StoreFile(FilePath, StateTables.ApplicationId, StateTables.Layouts[..1], 0);
            using var connection = file.Open();
            var session = new StateSession(connection);
            connection.Begin();
            for (var i = 0; i < Users; i++)
            {
                session.Write(new StateKey("user", $"user/u{i:000}"), null, [.. BitConverter.GetBytes((long)i), .. new byte[200]]);
            }

            session.Write(new StateKey("user", "user/u250, a large one"), null, new byte[LargeBytes]);
            connection.Commit();
            connection.CheckpointForGood();
        }
    }

    private static long BytesReadByThisThread() =>
        long.Parse(File.ReadLines("/proc/thread-self/io").First(static line => line.StartsWith("rchar: ", StringComparison.Ordinal))[7..], CultureInfo.InvariantCulture);
}
