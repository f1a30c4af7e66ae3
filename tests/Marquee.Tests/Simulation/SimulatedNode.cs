using System.Collections.Immutable;
using Marquee.Contracts;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;
using Marquee.Engine.Titles;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Marquee.Tests.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MarqueeOptions = Marquee.Grains.MarqueeOptions;

namespace Marquee.Tests.Simulation;

/// <summary>One run of a silo: its process, its clock, its way to the store, and the grains that are active on it.</summary>
internal sealed class SimulatedNode : IClusterMembershipService, ILocalSiloDetails
{
    private readonly IOptions<MarqueeOptions> _options;
    private readonly StateLink _states;
    private readonly NodeMetrics _metrics;
    private readonly LocalViewers _viewers;
    private readonly TitleTable _titles = new();

    public SimulatedNode(string name, EventLoop loop, StoreLink log, SimulatedStore store, SimulatedCluster cluster, MarqueeOptions options)
    {
        (Name, Log, Cluster, _options) = (name, log, cluster, Options.Create(options));
        Machine = new Machine(loop);
        Time = new SimulatedTime(loop, Machine);
        _states = new StateLink(store, log);
        _metrics = cluster.Metrics;
        _viewers = new LocalViewers(_options);
        Grains = new SimulatedGrains(cluster, this);
    }

    public string Name { get; }

    /// <summary>The others take it for dead: nothing new comes up on it, what is on it goes on.</summary>
    public bool IsEvicted { get; set; }

    public Machine Machine { get; }

    public SimulatedCluster Cluster { get; }

    public SimulatedTime Time { get; }

    public StoreLink Log { get; }

    public SimulatedGrains Grains { get; }

    /// <summary>The grains that are active here, as far as this node knows.</summary>
    public Dictionary<GrainId, Activation> Active { get; } = [];

    /// <summary>The version of the cluster's members that this node knows of.</summary>
    public long MembershipVersion { get; set; } = 1;

    public ClusterMembershipSnapshot CurrentSnapshot =>
        new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(MembershipVersion));

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public SiloAddress SiloAddress => SiloAddress.Zero;

    string ILocalSiloDetails.ClusterId => throw Unused();

    string ILocalSiloDetails.DnsHostName => throw Unused();

    SiloAddress ILocalSiloDetails.GatewayAddress => throw Unused();

    public static Grain CreatePartition(SimulatedNode node) => new EventPartitionGrain(
        node.Log,
        node._states,
        node._options,
        node._metrics,
        node.Time,
        new TitleCourier(
            new TitlePublisher(node.Grains, new GrainReferences<ITitleGrain>(node.Grains), new LocalTitles(node._options), FakeManifests.AllKnow(), node._options, node.Time, NullLogger<TitlePublisher>.Instance), node.Time, NullLogger<TitleCourier>.Instance),
        new TitleAdmission(
            new CatalogueReplica(node.Grains, node._titles, FakeManifests.AllKnow(), node._metrics, node._options, node.Time, NullLogger<CatalogueReplica>.Instance), node._options),
        new GrainReferences<IUserGrain>(node.Grains),
        new LocalPartitions(node.Grains),
        node._viewers,
        node._titles,
        node,
        node,
        NullLogger<EventPartitionGrain>.Instance);

    /// <remarks>Nobody asks for rankings here.</remarks>
    public static Grain CreateUser(SimulatedNode node) => new UserGrain(
        node._states,
        node._titles,
        ranker: null!,
        node._viewers,
        node,
        node._options,
        node.Time,
        NullLogger<UserGrain>.Instance);

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

    private static NotSupportedException Unused() => new("No grain that is simulated uses this.");
}
