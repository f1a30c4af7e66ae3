using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

public sealed class SqliteGrainStorageConformanceTests : GrainStorageConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override IGrainStorage Create() => StateStores.Open(_directory.Path);

    protected override ValueTask CloseAsync(IGrainStorage storage) => ((IAsyncDisposable)storage).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
