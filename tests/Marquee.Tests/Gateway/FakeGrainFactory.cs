using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Models;
using Marquee.Contracts.Operations;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;

namespace Marquee.Tests.Gateway;

/// <summary>A cluster of hand-written grains: the seam between gateway and grains.</summary>
internal sealed class FakeGrainFactory : IGrainFactory
{
    public FakePartitions Partitions { get; } = new();

    public FakeCatalogue Catalogue { get; } = new();

    public FakeUsers Users { get; } = new();

    public FakeModels Models { get; } = new();

    public Func<NodeStatus> Status { get; set; } = () => throw new TimeoutException();

    public Func<TitleStatisticsMessage> Statistics { get; set; } = () => new TitleStatisticsMessage { Counts = [], Popularity = [], UpdatedAt = 0 };

    public Func<string, ImmutableArray<TitleShareMessage>, TitleRowMessage> Row { get; set; } = (_, _) => throw new TimeoutException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        typeof(TGrainInterface) == typeof(IEventPartitionGrain) ? (TGrainInterface)(object)new FakePartitions.Partition(Partitions, (int)primaryKey)
        : typeof(TGrainInterface) == typeof(IModelPublisherGrain) ? (TGrainInterface)(object)Models
        : (TGrainInterface)(object)new Node(this);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        typeof(TGrainInterface) == typeof(IUserGrain) ? (TGrainInterface)(object)new FakeUsers.User(Users, primaryKey)
        : typeof(TGrainInterface) == typeof(IModelRegistryGrain) ? (TGrainInterface)(object)Models
        : typeof(TGrainInterface) == typeof(ITitleGrain) ? (TGrainInterface)(object)new Title(this, primaryKey)
        : (TGrainInterface)(object)Catalogue;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    private sealed class Node(FakeGrainFactory factory) : INodeGrain
    {
        public Task<NodeStatus> GetStatus() => Task.FromResult(factory.Status());
    }

    private sealed class Title(FakeGrainFactory factory, string key) : ITitleGrain
    {
        public async Task<TitleRowMessage> Apply(ImmutableArray<TitleShareMessage> shares)
        {
            await Task.CompletedTask;
            return factory.Row(key, shares);
        }

        public Task<TitleStatisticsMessage> GetStatistics() => Task.FromResult(factory.Statistics());
    }
}
