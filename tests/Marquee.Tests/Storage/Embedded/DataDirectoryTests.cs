using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Storage.Embedded;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Manifest => _directory.File(DataManifest.FileName);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_NewDirectory_WritesAManifestThatTheNextStartReads()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero));
        var path = _directory.File("new/deeper");
        using (var first = DataDirectory.Open(path, 16, time))
        {
            Assert.Equal(new DataManifest(1, 16, time.GetUtcNow()), first.Manifest);
        }

        time.Advance(TimeSpan.FromDays(1));
        using var second = DataDirectory.Open(path, 16, time);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero), second.Manifest.Created);
        Assert.False(File.Exists(Path.Combine(path, DataManifest.FileName + ".new")));
    }

    [Fact]
    public void Open_HeldAlready_NamesTheDirectoryAndTheHolder()
    {
        using var held = DataDirectory.Open(_directory.Path, 64);
        var refusal = Assert.Throws<StoreUnavailableException>(() => DataDirectory.Open(_directory.Path, 64));
        Assert.Contains(_directory.Path, refusal.Message);
        Assert.Contains($"another process (number {Environment.ProcessId})", refusal.Message);
    }

    [Fact]
    public void Open_LetGo_CanBeTakenAgain()
    {
        DataDirectory.Open(_directory.Path, 64).Dispose();
        DataDirectory.Open(_directory.Path, 64).Dispose();
    }

    [Fact]
    public void Open_AnotherNumberOfPartitions_IsRefusedAndLetsTheDirectoryGo()
    {
        DataDirectory.Open(_directory.Path, 64).Dispose();
        var refusal = Assert.Throws<StoreMismatchException>(() => DataDirectory.Open(_directory.Path, 32));
        Assert.Contains("64 partitions", refusal.Message);
        Assert.Contains("configured with 32", refusal.Message);
        DataDirectory.Open(_directory.Path, 64).Dispose();
    }

    [Fact]
    public void Open_NewerFormat_IsRefused()
    {
        new DataManifest(DataManifest.FormatNewest + 1, 64, DateTimeOffset.UnixEpoch).Write(_directory.Path);
        Assert.Contains("format 2", Assert.Throws<StoreMismatchException>(() => DataDirectory.Open(_directory.Path, 64)).Message);
    }

    [Fact]
    public void Open_ManifestMissingBesideALog_IsDamage()
    {
        File.WriteAllText(_directory.File(SqlitePartitionLog.FileName), "something");
        Assert.Equal(Manifest, Assert.Throws<StoreDamagedException>(() => DataDirectory.Open(_directory.Path, 64)).Place);
    }

    [Fact]
    public void Open_AnyByteOfTheManifestChanged_IsDamageOrMeansTheSame()
    {
        DataDirectory.Open(_directory.Path, 64).Dispose();
        var written = DataManifest.Read(_directory.Path);
        var bytes = File.ReadAllBytes(Manifest);
        var damages = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 0x05;
            File.WriteAllBytes(Manifest, changed);
            try
            {
                Assert.Equal(written, DataManifest.Read(_directory.Path));
            }
            catch (StoreDamagedException damaged)
            {
                Assert.Equal(Manifest, damaged.Place);
                damages++;
            }
        }

        Assert.True(damages > bytes.Length / 2);
    }
}
