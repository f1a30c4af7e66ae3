using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Tests.Fixtures;

namespace Marquee.Tests.Storage.Events;

public sealed class SqlitePartitionLogConformanceTests : DurableLogConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override IPartitionLog Create() => new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions());

    protected override ValueTask CloseAsync(IPartitionLog log) => ((SqlitePartitionLog)log).DisposeAsync();

    private protected override async Task<IPartitionLog> OpenStoredAsync()
    {
        await StoredFiles.UnpackAsync("sqlite-1.zip", _directory.Path);
        return new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions { PartitionCount = 2 });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
