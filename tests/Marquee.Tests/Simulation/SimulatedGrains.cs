using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;

namespace Marquee.Tests.Simulation;

/// <summary>References to grains, as one node (or a client, which is none) holds them.</summary>
internal sealed class SimulatedGrains(SimulatedCluster cluster, SimulatedNode? from) : IGrainFactory
{
    private static readonly TimeSpan UserTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AppendTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The catalogue is not part of the simulation: whoever asks for it finds that it does not answer.</summary>
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => typeof(TGrainInterface) == typeof(IUserGrain)
            ? (TGrainInterface)(object)new User(cluster, from, SimulatedCluster.UserId(primaryKey))
            : throw new TimeoutException($"There is no {typeof(TGrainInterface).Name} here.");

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)new Partition(cluster, from, SimulatedCluster.PartitionId(primaryKey));

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

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    private sealed class Partition(SimulatedCluster cluster, SimulatedNode? from, GrainId id) : IEventPartitionGrain
    {
        public Task<AppendResult> Append(string tenant, ImmutableArray<EngagementMessage> events) =>
            cluster.Call<IEventPartitionGrain, AppendResult>(from, id, AppendTimeout, grain => grain.Append(tenant, events));

        public Task<AppendResult> EraseUser(string tenant, string userId) =>
            cluster.Call<IEventPartitionGrain, AppendResult>(from, id, AppendTimeout, grain => grain.EraseUser(tenant, userId));

        public async Task<UserTail> ReadUserTail(string tenant, string userId, long after)
        {
            var tail = await cluster.Call<IEventPartitionGrain, UserTail>(from, id, UserTimeout, grain => grain.ReadUserTail(tenant, userId, after));
            cluster.NoteHandedOver(tenant, userId, tail.Events, tail.Position);
            return tail;
        }

        public Task<PartitionStatus> GetStatus() =>
            cluster.Call<IEventPartitionGrain, PartitionStatus>(from, id, UserTimeout, grain => grain.GetStatus());

        public Task Checkpoint() => throw new NotSupportedException();

        public Task<ImmutableArray<TitleShareMessage?>> ReadTitles(string tenant, ImmutableArray<string> titleIds) => throw new NotSupportedException();

        public Task<ChangedNeighbours> TakeChangedNeighbours(string tenant, long? since, int most) => throw new NotSupportedException();

        public Task<NeighbourShareMessage> ReadNeighbours(string tenant, ImmutableArray<string> titleIds) => throw new NotSupportedException();
    }

    private sealed class User(SimulatedCluster cluster, SimulatedNode? from, GrainId id) : IUserGrain
    {
        public Task Apply(ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position, long firstOffset)
        {
            var (tenant, userId) = Marquee.Grains.GrainKeys.Parse(id.Key.ToString()!);
            cluster.NoteHandedOver(tenant, userId, events, position);
            return cluster.Call<IUserGrain, bool>(from, id, UserTimeout, async grain =>
            {
                await grain.Apply(events, previousOffset, position, firstOffset);
                return true;
            });
        }

        public Task<HistoryPage> GetHistory(int limit, string? cursor, LogPosition? after) =>
            cluster.Call<IUserGrain, HistoryPage>(from, id, UserTimeout, grain => grain.GetHistory(limit, cursor, after));

        public Task Snapshot(long offset) => cluster.Call<IUserGrain, bool>(from, id, SnapshotTimeout, async grain =>
        {
            await grain.Snapshot(offset);
            return true;
        });

        public Task<Slate> Recommend(SlateRequest request) => throw new NotSupportedException();

        public Task<Home> GetHome(HomeRequest request) => throw new NotSupportedException();
    }
}
