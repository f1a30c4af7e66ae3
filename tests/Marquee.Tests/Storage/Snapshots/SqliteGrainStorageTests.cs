using System.Text;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;

namespace Marquee.Tests.Storage.Snapshots;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ReadAll_ManyStates_GivesThoseOfTheNameInOrder()
    {
        await using var storage = StateStores.Open(_directory.Path);
        await Task.WhenAll(Enumerable.Range(0, 1_300).Select(i => WriteAsync(storage, "taste", $"u{i:0000}", i)));
        await WriteAsync(storage, "other", "u0500", 7);
        var all = await storage.ReadAllAsync("taste", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(Enumerable.Range(0, 1_300).Select(i => $"user/u{i:0000}"), all.Select(state => state.GrainId));
        Assert.All(all, state => Assert.True(state.Payload.Length > 0));
    }

    [Fact]
    public async Task Write_NoRoom_IsUnavailableUntilThereIsRoomAgain()
    {
        await using var storage = StateStores.Open(_directory.Path, new SqliteStorageOptions { SnapshotBytesMax = 400_000 });
        var states = new List<HeldState>();
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (var i = 0; ; i++)
            {
                var state = new HeldState(new TasteState { Plays = i, Embedding = new float[2_000] });
                await storage.WriteStateAsync("taste", GrainId.Create("user", $"u{i}"), state);
                states.Add(state);
            }
        });
        Assert.Contains("No room", refusal.Message);
        Assert.True(states.Count > 10);

        await storage.ClearStateAsync("taste", GrainId.Create("user", "u0"), states[0]);
        await storage.WriteStateAsync("taste", GrainId.Create("user", "u1"), states[1]);
        for (var i = 1; i < states.Count; i++)
        {
            var read = new HeldState();
            await storage.ReadStateAsync("taste", GrainId.Create("user", $"u{i}"), read);
            Assert.Equal((i, states[i].ETag), (read.State.Plays, read.ETag));
        }
    }

    [Fact]
    public async Task Clear_StateWithASecret_LeavesNoTraceInAnyFile()
    {
        var secret = Encoding.UTF8.GetBytes("a-secret-that-must-go");
        await using (var storage = StateStores.Open(_directory.Path))
        {
            var grain = GrainId.Create("user", Encoding.UTF8.GetString(secret));
            var state = new HeldState(new TasteState { Embedding = new float[5_000] });
            await storage.WriteStateAsync("taste", grain, state);
            await storage.WriteStateAsync("taste", grain, state);
            await WriteAsync(storage, "taste", "another", 1);
            Assert.True(IsInAnyFile());
            await storage.ClearStateAsync("taste", grain, state);
            await WriteAsync(storage, "taste", "third", 1);

            // The write-ahead log is emptied once nobody waits for the writer, which is a moment after the answer.
            for (var tries = 0; IsInAnyFile() && tries < 200; tries++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
            }

            Assert.False(IsInAnyFile());
        }

        bool IsInAnyFile() => Directory.GetFiles(_directory.Path).Any(file => ReadShared(file).AsSpan().IndexOf(secret) >= 0);
    }

    [Fact]
    public async Task Open_LargeFile_IsCheckedBehindTheStart()
    {
        await using (var storage = StateStores.Open(_directory.Path))
        {
            await WriteAsync(storage, "taste", "u", 1);
        }

        await using var again = StateStores.Open(_directory.Path, new SqliteStorageOptions { SnapshotBytesVerifiedAtStartMax = 0 });
        await again.Verification.WaitAsync(Cancellation);
    }

    private static Task WriteAsync(SqliteGrainStorage storage, string name, string user, int plays)
        => storage.WriteStateAsync(name, GrainId.Create("user", user), new HeldState(new TasteState { Plays = plays }));

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
