using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Tests.Storage.Embedded;

public sealed class StorageServicesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AddSqliteStorage_Resolved_GivesLogAndSnapshotsInOneLockedDirectory()
    {
        var services = new ServiceCollection().AddSerializer().AddSqliteStorage(new SqliteStorageOptions { Directory = _directory.Path });
        await using (var provider = services.BuildServiceProvider())
        {
            Assert.IsType<SqlitePartitionLog>(provider.GetRequiredService<IPartitionLog>());
            Assert.IsType<SqliteGrainStorage>(provider.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots));
            Assert.Throws<StoreUnavailableException>(() => DataDirectory.Open(_directory.Path, 64));
        }

        DataDirectory.Open(_directory.Path, 64).Dispose();
    }

    [Fact]
    public void AddSqliteStorage_ServicesDisposedWithoutAwaiting_ClosesTheStores()
    {
        var services = new ServiceCollection().AddSerializer().AddSqliteStorage(new SqliteStorageOptions { Directory = _directory.Path });
        using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IPartitionLog>();
        }

        DataDirectory.Open(_directory.Path, 64).Dispose();
    }

    [Fact]
    public void AddSqliteStorage_WrongOptions_AreRefusedAtOnce()
        => Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSqliteStorage(new SqliteStorageOptions { PartitionCount = 0 }));
}
