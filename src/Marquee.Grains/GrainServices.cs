using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Engine.Titles;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Events;
using Marquee.Grains.Models;
using Marquee.Grains.Operations;
using Marquee.Grains.Recommendations;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Placement;
using Orleans.Serialization;

namespace Marquee.Grains;

/// <summary>Adds what the grains need to a silo.</summary>
public static class GrainServices
{
    private static readonly TimeSpan IdleUser = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan IdleTitle = TimeSpan.FromHours(2);

    /// <summary>Has the silo run its share of the partitions, and no more, as silos come and go. Needs <see cref="AddPeerWatch"/>.</summary>
    public static ISiloBuilder AddPartitionBalancing(this ISiloBuilder silo)
    {
        silo.Services.AddHostedService<PartitionBalancer>();
        return silo;
    }

    /// <summary>Has silos watch each other for faults that the cluster's own probes miss.</summary>
    public static ISiloBuilder AddPeerWatch(this ISiloBuilder silo)
    {
        silo.AddGrainService<PeerService>();
        silo.Services.AddSingleton<PeerServiceClient>().AddSingleton<IPeerOpinions>(provider => provider.GetRequiredService<PeerServiceClient>()).AddSingleton<PeerCalls>().AddSingleton<StoreWatch>().AddHostedService<PeerWatch>().AddHostedService<EvictionWatch>();
        silo.Services.AddSingleton<IPeerAnswers, PeerAnswers>().AddSingleton<PeerErasures>().AddSingleton<MemberStanding>().AddSingleton<JointAppend>().AddSingleton<IPartitionSilos, PartitionSilos>().AddSingleton<ITitleSilos, TitleSilos>().AddSingleton<IPartitionPeers, PartitionPeers>();
        silo.Services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StoreWatch>());
        return silo;
    }

    /// <summary>Adds the grains and what they share on a silo: the catalogue replica, the ranker, the models, the metrics. An <see cref="IModelJudge"/> must be registered beside it.</summary>
    public static ISiloBuilder AddMarqueeGrains(this ISiloBuilder silo, Action<MarqueeOptions> configure)
    {
        var services = silo.Services;
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.ActivationManagement, (provider, _) => new SteadyTime(provider.GetRequiredService<TimeProvider>()));
        services.AddMetrics();

        // Why a store or a partition refuses is to be read on the silo that asked, too.
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(Marquee)));
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton<NodeState>();
        services.AddSingleton<EvictionNotice>();
        services.TryAddSingleton(new SecondPort(null));
        services.AddSingleton<TitleTable>();
        services.TryAddSingleton(typeof(GrainReferences<>));
        services.AddSingleton<PackedForms>();
        services.AddSingleton<TitleReader>();
        services.AddSingleton<TitlePublisher>();
        services.AddSingleton<TitleCourier>();
        services.AddSingleton<PartitionQuestions>();
        services.AddSingleton<CatalogueReplica>();
        services.AddSingleton<RankingWorkers>();
        services.AddSingleton<TitleAdmission>();
        services.AddSingleton<ExplorationLog>();
        services.AddSingleton<SlateRanker>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CatalogueReplica>());
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<LocalViewers>();
        services.AddSingleton<LocalTitles>();
        services.AddSingleton<PartitionOwners>();
        services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        services.AddPlacementDirector<BesidePartition, BesidePartitionDirector>();
        services.AddSingleton<IPlacementStrategyResolver, BesidePartitionResolver>();
        services.AddSingleton<ModelFiles>();
        services.AddSingleton<ModelFollower>();
        services.AddSingleton<ModelPublisher>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ModelFollower>());
        services.AddOptions<SiloMessagingOptions>().Configure<IOptions<MarqueeOptions>>((messaging, options) =>
        {
            // Calls that interleave count too, from the moment that they arrive until they are answered.
            messaging.MaxEnqueuedRequestsHardLimit = options.Value.MostWaitingCalls;
            messaging.MaxEnqueuedRequestsHardLimit_StatelessWorker = options.Value.MostWaitingCalls;
        });
        services.Configure<GrainCollectionOptions>(collection =>
        {
            // Short of memory, a silo lets go of those that were idle longest; partitions and the catalogue's feed, which are kept alive, stay.
            collection.EnableActivationSheddingOnMemoryPressure = true;
            collection.ClassSpecificCollectionAge[typeof(UserGrain).FullName!] = IdleUser;
            collection.ClassSpecificCollectionAge[typeof(TitleGrain).FullName!] = IdleTitle;
        });
        return silo;
    }
}
