using System.Collections.Immutable;
using Marquee.Contracts.Models;

namespace Marquee.Tests.Gateway;

/// <summary>Registry and publisher whose answers a test sets.</summary>
internal sealed class FakeModels : IModelRegistryGrain, IModelPublisherGrain
{
    public List<(int Bytes, bool Force)> Published { get; } = [];

    public List<string?> RolledBack { get; } = [];

    public List<long> Awaited { get; } = [];

    public Func<ModelList> Known { get; set; } = () => throw new TimeoutException();

    public Func<Task<ModelChange>> Answer { get; set; } = () => throw new TimeoutException();

    public Task<ModelList> List() => Task.FromResult(Known());

    public Task<ModelList> WaitForChange(long sequence, TimeSpan wait) => throw new NotSupportedException();

    public Task<ModelChange> Register(ModelVersion version) => throw new NotSupportedException();

    public Task<ModelChange> RollBack(string? version)
    {
        RolledBack.Add(version);
        return Answer();
    }

    public Task<ModelChange> Publish(ImmutableArray<byte> model, bool force)
    {
        Published.Add((model.Length, force));
        return Answer();
    }

    public Task<bool> WaitForSequence(long sequence, TimeSpan wait)
    {
        Awaited.Add(sequence);
        return Task.FromResult(true);
    }
}
