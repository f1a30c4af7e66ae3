using Marquee.Storage.Embedded;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

public sealed class SqlitePartitionLogConformanceTests : LogConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override IPartitionLog Create() => new SqlitePartitionLog(_directory.Path, new SqliteStorageOptions());

    protected override ValueTask CloseAsync(IPartitionLog log) => ((SqlitePartitionLog)log).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
