using Marquee.Contracts.Events;
using Marquee.Grains.Operations;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>
/// Sees to it that the silo runs its share of the partitions: brings up what is its own and runs nowhere, and lets go, one by
/// one, of what is another's since a silo came or went, and of the active viewers and titles whose place is with it. A silo that
/// is not ready gets no partition that runs elsewhere.
/// </summary>
internal sealed class PartitionBalancer(
    LocalPartitions local,
    LocalViewers viewers,
    LocalTitles titles,
    PartitionOwners placement,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    PeerServiceClient peers,
    IClusterManifestProvider manifests,
    IGrainFactory grains,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILogger<PartitionBalancer> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Nothing is let go of until the cluster has not changed for this long: all silos then know the same members.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    /// <summary>What moves is read from the store or the partitions where it comes up: not so many at once that requests feel it.</summary>
    private const int MostMovesAtOnce = 1_000;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var (version, since) = (MembershipVersion.MinValue, time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var members = membership.CurrentSnapshot;
            if (members.Version != version)
            {
                (version, since) = (members.Version, time.GetTimestamp());
            }

            try
            {
                await Balance(members, isSettled: time.GetElapsedTime(since) >= SettleTime, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogInformation(exception, "The partitions could not be brought to their places; trying again");
            }
        }
    }

    private async Task Balance(ClusterMembershipSnapshot members, bool isSettled, CancellationToken cancellationToken)
    {
        SiloAddress[] active = [.. members.Active()];
        if (!active.Contains(silo.SiloAddress))
        {
            return;
        }

        var owners = placement.Among(active);
        HashSet<int> here = [.. local.Numbers];
        await Task.WhenAll(Enumerable.Range(0, options.Value.PartitionCount)
            .Where(partition => owners[partition].Equals(silo.SiloAddress) && !here.Contains(partition))
            .Select(partition => grains.GetGrain<IEventPartitionGrain>(partition).GetStatus())).WaitAsync(cancellationToken);
        var foreign = here.Where(partition => !owners[partition].Equals(silo.SiloAddress)).Order().Take(1).ToArray();
        if (isSettled && foreign is [var number] && await peers.IsReady(owners[number]).WaitAsync(cancellationToken))
        {
            logger.LogInformation("Partition {Partition} moves to {Silo}, whose share it is", number, owners[number]);
            await local.Release(number).WaitAsync(cancellationToken);
            await grains.GetGrain<IEventPartitionGrain>(number).GetStatus().WaitAsync(cancellationToken);
            here.Remove(number);
        }

        // Viewers follow their partition when it has gone, not before: they read from it when they come up. Titles read from all.
        if (isSettled && NobodyElseMoves(UserGrain.Type))
        {
            Move(viewers, partition => !owners[partition].Equals(silo.SiloAddress) && !here.Contains(partition));
        }

        if (isSettled && NobodyElseMoves(TitleGrain.Type))
        {
            Move(titles, partition => !owners[partition].Equals(silo.SiloAddress));
        }
    }

    /// <summary>Silos built before these grains had a place of their own spread them evenly; each would undo what the other does, grain by grain.</summary>
    private bool NobodyElseMoves(GrainType type) => manifests.Current.Silos.Values.All(silo => BesidePartition.IsPlaceOf(type, silo));

    private void Move(LocalGrains grains, Func<int, bool> isForeign)
    {
        var rest = MostMovesAtOnce;
        for (var partition = 0; partition < options.Value.PartitionCount && rest > 0; partition++)
        {
            if (isForeign(partition))
            {
                rest -= grains.Move(partition, rest);
            }
        }
    }
}
