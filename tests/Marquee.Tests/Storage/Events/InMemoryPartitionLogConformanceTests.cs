using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

public sealed class InMemoryPartitionLogConformanceTests : LogConformance
{
    private readonly InMemoryPartitionLog _log = new();

    protected override IPartitionLog Create() => _log;

    protected override ValueTask CloseAsync(IPartitionLog log) => ValueTask.CompletedTask;
}
