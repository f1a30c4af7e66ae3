using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Queries;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Recommendations;

/// <summary>
/// What the recommendation calls share: the request, the viewer's grain, and what stands in when it does not answer: what this
/// node last answered the viewer, or another node, or else popular titles.
/// </summary>
internal sealed class ViewerReads(
    GrainReferences<IUserGrain> users,
    GrainReads reads,
    KeptAnswers kept,
    IPeerAnswers peers,
    PopularTitles popular,
    GatewayMetrics metrics,
    IOptions<GatewayOptions> options)
{
    private readonly string _tenant = options.Value.Tenant;
    private readonly int _partitionCount = options.Value.PartitionCount;

    /// <summary>The query parameters that every recommendation call knows, behind those of its own.</summary>
    /// <param name="own">Those of its own; with the count.</param>
    public static QueryParameter[] Parameters(params QueryParameter[] own) =>
        [.. own, SharedParameters.Country, SharedParameters.After, SharedParameters.Explain, SharedParameters.Metadata, SharedParameters.Explore];

    /// <summary>Reads the parameters that every recommendation call knows; the query keeps what is wrong with them.</summary>
    /// <param name="query">The request's.</param>
    /// <param name="userId">The viewer; empty when it is not valid.</param>
    /// <param name="count">The call's own bounds of the count.</param>
    public ViewerRequest Read(RequestQuery query, string userId, IntegerParameter count) => new(
        query.Read(count),
        query.Read(SharedParameters.Country),
        query.Read(SharedParameters.After, PartitionHash.Of(_tenant, userId, _partitionCount)),
        query.Read(SharedParameters.Explain),
        query.Read(SharedParameters.Metadata),
        query.Read(SharedParameters.Explore));

    /// <summary>
    /// What the viewer's grain has to cover: what is asked for, and an erasure that is known of. A grain that was not told of it
    /// in time then asks its partition.
    /// </summary>
    public static LogPosition? Later(LogPosition? asked, LogPosition? erasure) =>
        erasure is { } erased && (asked is not { } after || after.Offset < erased.Offset) ? erasure : asked;

    /// <summary>A slate for a viewer.</summary>
    public async Task<Slate> RecommendAsync(string userId, SlateRequest request)
    {
        var erasure = kept.ErasureOf(userId);
        request = erasure is null ? request : request with { After = Later(request.After, erasure) };
        var answer = await reads.TryAsync("Recommend", (User: UserOf(userId), request), static asked => asked.User.Recommend(asked.request));
        if (answer.Value is { } slate && !ErasedViewers.IsBefore(erasure, slate.Position))
        {
            Count(slate.Degraded, "recommendations");
            kept.Keep(userId, request, slate);
            return slate;
        }

        Count(isDegraded: true, "recommendations");
        var earlier = kept.Find(userId, request) ?? await peers.FindAsync(userId, request);
        return earlier is not null && await MayBeGivenAgain(userId, earlier.Position)
            ? earlier
            : await PopularAsync(request.Surface, request.Country, request.Count, request.Metadata);
    }

    /// <summary>A home page for a viewer.</summary>
    public async Task<Home> GetHomeAsync(string userId, HomeRequest request)
    {
        var erasure = kept.ErasureOf(userId);
        request = erasure is null ? request : request with { After = Later(request.After, erasure) };
        var answer = await reads.TryAsync("GetHome", (User: UserOf(userId), request), static asked => asked.User.GetHome(asked.request));
        if (answer.Value is { } home && !ErasedViewers.IsBefore(erasure, home.Position))
        {
            Count(home.Degraded, "home");
            kept.Keep(userId, request, home);
            return home;
        }

        Count(isDegraded: true, "home");
        var earlier = kept.Find(userId, request) ?? await peers.FindAsync(userId, request);
        return earlier is not null && await MayBeGivenAgain(userId, earlier.Position)
            ? earlier
            : new Home(null, true, [new HomeRow("trending", "Trending now", await PopularAsync(Surface.Trending, request.Country, request.Count, request.Metadata))]);
    }

    private void Count(bool isDegraded, string call)
    {
        if (isDegraded)
        {
            metrics.Degraded(call);
        }
    }

    /// <summary>Not when the viewer has been erased since, as far as this node was told; nor when it would not have been told.</summary>
    private async Task<bool> MayBeGivenAgain(string userId, LogPosition? covered) =>
        await peers.TakesPartAsync() && !kept.Precedes(userId, covered);

    private IUserGrain UserOf(string userId) => users.Of($"{_tenant}/{userId}");

    /// <summary>A slate without the viewer: popular titles, or nothing where they are no answer.</summary>
    private async Task<Slate> PopularAsync(string surface, string? country, int count, bool metadata) =>
        new()
        {
            RecommendationId = $"popular-{Guid.CreateVersion7():N}",
            Surface = surface,
            ModelVersion = "none",
            Source = "popular",
            Degraded = true,
            Items = Surface.CanBePopular(surface) ? (await popular.GetAsync(country, count, metadata)).Items : [],
        };
}

/// <summary>What every recommendation call is asked.</summary>
/// <param name="Count">How many titles.</param>
/// <param name="Country">Upper-case country code, or null.</param>
/// <param name="After">The position that the answer has to cover, or null.</param>
/// <param name="Explain">Whether the parts of each score are wanted.</param>
/// <param name="Metadata">Whether each title's metadata is wanted.</param>
/// <param name="Explore">Whether the slate may explore.</param>
internal readonly record struct ViewerRequest(int Count, string? Country, LogPosition? After, bool Explain, bool Metadata, bool Explore);
