using System.Reflection;
using Marquee.Contracts.Events;
using Marquee.Contracts.Operations;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Marquee.Grains.Operations;

/// <summary>Gathers how the node is doing.</summary>
[StatelessWorker, GrainType("node")]
internal sealed class NodeGrain(
    NodeState node,
    NodeMetrics metrics,
    CatalogueReplica replica,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILocalSiloDetails silo) : Grain, INodeGrain
{
    /// <summary>One partition that is on its way from one silo to another does not keep the rest from being told.</summary>
    private static readonly TimeSpan PartitionTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SiloTimeout = TimeSpan.FromSeconds(1);

    private static readonly string ProductVersion =
        typeof(NodeGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public async Task<NodeStatus> GetStatus()
    {
        var partitions = await Task.WhenAll(Enumerable.Range(0, options.Value.PartitionCount).Select(StatusOf));
        var hosts = await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);
        var active = await Activations();
        var snapshot = replica.Current;
        return new NodeStatus
        {
            Node = silo.SiloAddress.ToString(),
            Version = ProductVersion,
            StartedAt = node.StartedAt,
            Ready = node.IsReady,
            Activity = node.Activity,
            Storage = node.Storage,
            Tenant = options.Value.Tenant,
            Silos = [.. hosts.Select(host => new SiloEntry(
                host.SiloAddress.ToString(),
                host.Status.ToString(),
                new DateTimeOffset(DateTime.SpecifyKind(host.StartTime, DateTimeKind.Utc)).ToUnixTimeMilliseconds(),
                CountOf<UserGrain>(active, host.SiloAddress),
                CountOf<TitleGrain>(active, host.SiloAddress)))],
            Partitions = [.. partitions],
            CatalogueVersion = replica.Version,
            Titles = snapshot.TitleCount,
            CatalogueAgeMilliseconds = replica.Age.TotalMilliseconds,
            ModelVersion = snapshot.Model.Version,
            Freshness = metrics.Freshness,
            EventsAccepted = metrics.EventsAccepted,
            EventsDuplicate = metrics.EventsDuplicate,
            EventsPerSecond = metrics.EventsPerSecond,
            Recommendations = metrics.Slates,
            RecommendationsPerSecond = metrics.SlatesPerSecond,
            RecommendationLatency = metrics.SlateLatency,
            StreamTime = snapshot.StreamTime,
        };
    }

    /// <summary>How many grains of each kind each silo runs; nothing when one of them does not say.</summary>
    private async Task<SimpleGrainStatistic[]> Activations()
    {
        try
        {
            return await GrainFactory.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics().WaitAsync(SiloTimeout, time);
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static int? CountOf<T>(SimpleGrainStatistic[] active, SiloAddress silo) => active.Any(grains => grains.SiloAddress.Equals(silo))
        ? active.Where(grains => grains.SiloAddress.Equals(silo) && grains.GrainType.StartsWith(typeof(T).FullName!, StringComparison.Ordinal)).Sum(grains => grains.ActivationCount)
        : null;

    private async Task<PartitionStatus> StatusOf(int partition)
    {
        try
        {
            return await GrainFactory.GetGrain<IEventPartitionGrain>(partition).GetStatus().WaitAsync(PartitionTimeout, time);
        }
        catch (Exception exception)
        {
            return new PartitionStatus(partition, 0, 0, 0, 0, 0, 0, exception.Message, string.Empty);
        }
    }
}
