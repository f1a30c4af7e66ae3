using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Operations;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Marquee.Grains.Operations;

/// <summary>Answers the other silos.</summary>
/// <remarks>What the node last answered its viewers is there only where the node takes requests of viewers.</remarks>
internal sealed class PeerService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, NodeState node, PeerCalls calls, StoreWatch store, JointAppend appends, TitlePublisher titles, PartitionQuestions partitions, IKeptAnswers? kept = null)
    : GrainService(id, silo, loggers), IPeerService
{
    public Task Ping()
    {
        if (PeerServiceClient.CallerOf() is var (caller, port))
        {
            calls.Hear(caller, port);
        }

        return Task.CompletedTask;
    }

    public Task<bool> IsReady() => Task.FromResult(node.IsReady);

    public Task<bool> IsRefusedBy(SiloAddress silo) => calls.LooksEnded(silo);

    public Task<bool> IsSilentTo(SiloAddress silo) => Task.FromResult(calls.IsSilent(silo));

    public Task<TimeSpan> WithoutStoreFor() => Task.FromResult(store.TellOneThatReachesIt());

    public Task<ImmutableArray<AppendResult>> Append(string tenant, ImmutableArray<PartitionAppend> shares) => appends.Append(tenant, shares);

    public async Task<PackedAppendResults> AppendPacked(string tenant, PackedAppends shares) => new(await appends.Append(tenant, shares.Appends));

    public Task<TitlesPublished> Publish(string tenant, ImmutableArray<TitleChangeMessage> changes) => titles.Publish(tenant, changes);

    public Task<TitlesPublished> PublishPacked(string tenant, PackedTitleChanges changes) => titles.Publish(tenant, changes.Changes);

    public Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        partitions.TakeChangedNeighboursOfEach(tenant, questions, most);

    public async Task<PackedNeighbourShares> ReadNeighbours(string tenant, ImmutableArray<int> numbers, ImmutableArray<string> titleIds) =>
        new(await partitions.ReadNeighboursOfEach(tenant, numbers, titleIds));

    public async Task<PackedTitleChanges> ReadTitles(string tenant, ImmutableArray<int> numbers, ImmutableArray<string> titleIds) =>
        new(await partitions.ReadTitlesOfEach(tenant, numbers, titleIds));

    public Task<Slate?> FindKeptSlate(string userId, SlateRequest request) => Task.FromResult(kept?.Find(userId, request));

    public Task<Home?> FindKeptHome(string userId, HomeRequest request) => Task.FromResult(kept?.Find(userId, request));

    public Task ForgetKept(string userId, LogPosition erasure)
    {
        kept?.Forget(userId, erasure);
        return Task.CompletedTask;
    }
}

/// <summary>What silos ask each other to find out who has to go.</summary>
internal interface IPeerOpinions
{
    /// <summary>Completes when it has answered; fails when the call does.</summary>
    Task Ping(SiloAddress peer);

    /// <summary>Whether to the peer that is asked the process of a third one looks as if it had ended.</summary>
    Task<bool> IsRefusedBy(SiloAddress peer, SiloAddress third);

    /// <summary>Whether a third one has not answered the peer that is asked for a while.</summary>
    Task<bool> IsSilentTo(SiloAddress peer, SiloAddress third);

    /// <summary>For how long it has not reached the store.</summary>
    Task<TimeSpan> WithoutStoreFor(SiloAddress peer);
}

/// <summary>Asks another silo.</summary>
internal sealed class PeerServiceClient(IServiceProvider services, ILocalSiloDetails silo, SecondPort second) : GrainServiceClient<IPeerService>(services), IPeerOpinions
{
    /// <summary>Beside the call, not in it: silos of older builds neither send it nor mind it.</summary>
    private const string Caller = "marquee.caller";
    private const string CallersPort = "marquee.callers-port";

    private readonly string _self = silo.SiloAddress.ToParsableString();

    /// <summary>The silo that makes the call that is being answered, and its <see cref="SecondPort"/>; null when it does not say.</summary>
    public static (SiloAddress Silo, int? Port)? CallerOf() =>
        RequestContext.Get(Caller) is string address ? (SiloAddress.FromParsableString(address), RequestContext.Get(CallersPort) as int?) : null;

    /// <inheritdoc/>
    public async Task Ping(SiloAddress peer)
    {
        RequestContext.Set(Caller, _self);
        if (second.Number is { } port)
        {
            RequestContext.Set(CallersPort, port);
        }

        await GetGrainService(peer).Ping();
    }

    /// <summary>Whether it serves.</summary>
    public Task<bool> IsReady(SiloAddress peer) => GetGrainService(peer).IsReady();

    /// <inheritdoc/>
    public Task<bool> IsRefusedBy(SiloAddress peer, SiloAddress third) => GetGrainService(peer).IsRefusedBy(third);

    /// <inheritdoc/>
    public Task<bool> IsSilentTo(SiloAddress peer, SiloAddress third) => GetGrainService(peer).IsSilentTo(third);

    /// <inheritdoc/>
    public Task<TimeSpan> WithoutStoreFor(SiloAddress peer) => GetGrainService(peer).WithoutStoreFor();

    /// <summary>Appends to several partitions that it should run; answers in the order of the appends.</summary>
    public async Task<ImmutableArray<AppendResult>> Append(SiloAddress peer, string tenant, ImmutableArray<PartitionAppend> appends) =>
        (await GetGrainService(peer).AppendPacked(tenant, new PackedAppends(appends))).Results;

    /// <summary>Has titles that should be on it take over what changed.</summary>
    public Task<TitlesPublished> Publish(SiloAddress peer, string tenant, ImmutableArray<TitleChangeMessage> changes) =>
        GetGrainService(peer).PublishPacked(tenant, new PackedTitleChanges(changes));

    /// <summary>Titles whose neighbours changed in partitions that it should run.</summary>
    public Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(SiloAddress peer, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        GetGrainService(peer).TakeChangedNeighbours(tenant, questions, most);

    /// <summary>What partitions that it should run hold of the titles' neighbours.</summary>
    public async Task<ImmutableArray<NeighbourShareMessage>> ReadNeighbours(SiloAddress peer, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        (await GetGrainService(peer).ReadNeighbours(tenant, partitions, titleIds)).Shares;

    /// <summary>What partitions that it should run hold of titles; in the order of the titles.</summary>
    public async Task<ImmutableArray<TitleChangeMessage>> ReadTitles(SiloAddress peer, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        (await GetGrainService(peer).ReadTitles(tenant, partitions, titleIds)).Changes;

    /// <summary>What its node last answered a viewer; null when it keeps nothing.</summary>
    public Task<Slate?> FindKeptSlate(SiloAddress peer, string userId, SlateRequest request) => GetGrainService(peer).FindKeptSlate(userId, request);

    /// <inheritdoc cref="FindKeptSlate"/>
    public Task<Home?> FindKeptHome(SiloAddress peer, string userId, HomeRequest request) => GetGrainService(peer).FindKeptHome(userId, request);

    /// <summary>Has its node forget what it answered to a viewer that has been erased.</summary>
    public Task ForgetKept(SiloAddress peer, string userId, LogPosition erasure) => GetGrainService(peer).ForgetKept(userId, erasure);
}
