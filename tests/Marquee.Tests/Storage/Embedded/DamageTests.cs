using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Embedded;

/// <summary>Whatever single byte changes, the stores give back exactly what was written, or say that they are damaged.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _closed = new(inMemory: true);
    private readonly TemporaryDirectory _killed = new(inMemory: true);
    private string _content = "";

    /// <summary>One directory as an orderly stop leaves it, one as a kill does, with the last writes in the write-ahead logs.</summary>
    public async ValueTask InitializeAsync()
    {
        await StoreContent.WriteAsync(_closed.Path, () => Copy(_closed.Path, _killed.Path));
        using var copy = new TemporaryDirectory(inMemory: true);
        Copy(_closed.Path, copy.Path);
        _content = await StoreContent.ReadAsync(copy.Path);
    }

    public ValueTask DisposeAsync()
    {
        _closed.Dispose();
        _killed.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Read_AfterAKill_GivesEverything() => Assert.Equal(_content, await ReadCopyAsync(_killed.Path, _ => { }));

    [Theory]
    [InlineData(false, "log.db", 0x01)]
    [InlineData(false, "log.db", 0x80)]
    [InlineData(false, "state.db", 0x04)]
    [InlineData(true, "log.db", 0x20)]
    [InlineData(true, "log.db-wal", 0x01)]
    [InlineData(true, "log.db-wal", 0xFF)]
    [InlineData(true, "log.acknowledged", 0x10)]
    [InlineData(true, "state.db", 0x02)]
    [InlineData(true, "state.db-wal", 0x08)]
    [InlineData(true, "state.acknowledged", 0x01)]
    public async Task Read_AnyByteChanged_GivesEverythingOrSaysSo(bool killed, string file, int mask)
    {
        var source = killed ? _killed.Path : _closed.Path;
        var length = (int)new FileInfo(Path.Combine(source, file)).Length;
        var (intact, damaged) = (0, 0);
        for (var place = 0; place < length; place += place < 128 ? 3 : StepOf(length))
        {
            var changed = place;
            if (await IsReportedAsync(source, directory => Flip(Path.Combine(directory, file), changed, (byte)mask)))
            {
                damaged++;
            }
            else
            {
                intact++;
            }
        }

        Assert.True(damaged > intact / 20, $"{damaged} reported, {intact} without effect");
    }

    [Theory]
    [InlineData("log.db-wal")]
    [InlineData("state.db-wal")]
    public async Task Read_WriteAheadLogCutShortAnywhere_GivesEverythingOrSaysSo(string file)
    {
        var length = new FileInfo(Path.Combine(_killed.Path, file)).Length;
        for (var end = 0L; end < length; end += length / 25)
        {
            var cut = end;
            Assert.True(await IsReportedAsync(_killed.Path, directory =>
            {
                using var handle = new FileStream(Path.Combine(directory, file), FileMode.Open);
                handle.SetLength(cut);
            }), $"cut at {cut} of {length}");
        }
    }

    [Theory]
    [InlineData("log.db-wal")]
    [InlineData("state.db-wal")]
    [InlineData("log.db")]
    [InlineData("state.db")]
    public async Task Read_FileRemoved_SaysSo(string file)
        => Assert.True(await IsReportedAsync(_killed.Path, directory => File.Delete(Path.Combine(directory, file))));

    [Theory]
    [InlineData("log")]
    [InlineData("state")]
    public async Task Read_OlderDatabaseInPlaceOfTheNewest_NamesBothTransactions(string name)
    {
        using var older = new TemporaryDirectory(inMemory: true);
        await StoreContent.WriteAsync(older.Path);
        using var newer = new TemporaryDirectory(inMemory: true);
        Copy(older.Path, newer.Path);
        await StoreContent.ReadAsync(newer.Path);
        await StoreContent.WriteMoreStatesAsync(newer.Path);
        File.Copy(older.File($"{name}.db"), newer.File($"{name}.db"), overwrite: true);
        var damaged = await Assert.ThrowsAsync<StoreDamagedException>(() => StoreContent.ReadAsync(newer.Path));
        Assert.Matches(@"transaction \d+ \(acknowledged", damaged.Expected);
        Assert.Matches(@"transaction \d+ as the newest", damaged.Found);
    }

    [Fact]
    public async Task Open_Damaged_ChangesNoByteOfTheEvidence()
    {
        using var copy = new TemporaryDirectory(inMemory: true);
        Copy(_killed.Path, copy.Path);
        Flip(copy.File("log.db-wal"), 5_000, 0x01);
        var before = (File.ReadAllBytes(copy.File("log.db")), File.ReadAllBytes(copy.File("log.db-wal")));
        await Assert.ThrowsAsync<StoreDamagedException>(() => StoreContent.ReadAsync(copy.Path));
        Assert.Equal(before.Item1, File.ReadAllBytes(copy.File("log.db")));
        Assert.Equal(before.Item2, File.ReadAllBytes(copy.File("log.db-wal")));
    }

    private async Task<bool> IsReportedAsync(string source, Action<string> damage)
    {
        try
        {
            Assert.Equal(_content, await ReadCopyAsync(source, damage));
            return false;
        }
        catch (StoreDamagedException)
        {
            return true;
        }
    }

    private static async Task<string> ReadCopyAsync(string source, Action<string> damage)
    {
        using var copy = new TemporaryDirectory(inMemory: true);
        Copy(source, copy.Path);
        damage(copy.Path);
        return await StoreContent.ReadAsync(copy.Path);
    }

    private static int StepOf(int length) => int.TryParse(Environment.GetEnvironmentVariable("MARQUEE_DAMAGE_STEP"), out var step) ? step : Math.Max(1, (length / 45) | 1);

    private static void Flip(string path, int place, byte mask)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = place;
        var old = file.ReadByte();
        file.Position = place;
        file.WriteByte((byte)(old ^ mask));
    }

    /// <summary>Copies what survives a kill: all but the shared memory.</summary>
    private static void Copy(string source, string target)
    {
        foreach (var path in Directory.GetFiles(source).Where(path => !path.EndsWith("-shm", StringComparison.Ordinal) && !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = new FileStream(Path.Combine(target, Path.GetFileName(path)), FileMode.Create);
            from.CopyTo(to);
        }
    }
}
