using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Models;
using Orleans.Concurrency;

namespace Marquee.Grains.Models;

/// <summary>Lets the gateway reach the publisher of its own silo.</summary>
[StatelessWorker, GrainType("model-publisher")]
internal sealed class ModelPublisherGrain(ModelPublisher publisher, ModelFollower follower) : Grain, IModelPublisherGrain
{
    public async Task<ModelChange> Publish(ImmutableArray<byte> model, bool force)
    {
        var bytes = ImmutableCollectionsMarshal.AsArray(model)!;
        return await Task.Run(() => publisher.Publish(bytes, ModelOrigin.Upload, force, logPosition: null, CancellationToken.None));
    }

    public Task<bool> WaitForSequence(long sequence, TimeSpan wait) => follower.WaitFor(sequence, wait);
}
