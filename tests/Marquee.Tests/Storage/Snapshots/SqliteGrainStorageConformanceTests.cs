using Marquee.Storage.Embedded;
using Marquee.Tests.Fixtures;
using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

public sealed class SqliteGrainStorageConformanceTests : DurableGrainStorageConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override IGrainStorage Create() => StateStores.Open(_directory.Path);

    protected override ValueTask CloseAsync(IGrainStorage storage) => ((IAsyncDisposable)storage).DisposeAsync();

    private protected override async Task<IGrainStorage> OpenStoredAsync()
    {
        await StoredFiles.UnpackAsync("sqlite-1.zip", _directory.Path);
        return StateStores.Open(_directory.Path, new SqliteStorageOptions { PartitionCount = 2 });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
