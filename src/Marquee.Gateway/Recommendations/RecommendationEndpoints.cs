using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Recommendations;

/// <summary>Answers for one surface. When the viewer's grain does not answer, popular titles do, and the answer says so.</summary>
internal sealed class RecommendationEndpoints(IGrainFactory grains, GrainReads reads, PopularTitles popular, GatewayMetrics metrics, IOptions<GatewayOptions> options)
{
    private static readonly SurfaceParameter SurfaceOf = new("surface", "The placement on the page.");
    private static readonly IntegerParameter Count = SharedParameters.Count(PopularTitles.CountMax);

    private readonly string _tenant = options.Value.Tenant;
    private readonly int _partitionCount = options.Value.PartitionCount;

    public void Map(IEndpointRouteBuilder app) =>
        app.MapCall(
            "GET", "/v1/users/{id}/recommendations", RecommendationDescriptions.Recommend, GetAsync,
            SurfaceOf, Count, SharedParameters.Country, SharedParameters.After, SharedParameters.Explain, SharedParameters.Metadata);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var userId = query.Id("userId");
        var request = new SlateRequest
        {
            Surface = query.Read(SurfaceOf),
            Count = query.Read(Count),
            Country = query.Read(SharedParameters.Country),
            After = query.Read(SharedParameters.After, PartitionHash.Of(_tenant, userId, _partitionCount)),
            Explain = query.Read(SharedParameters.Explain),
            Metadata = query.Read(SharedParameters.Metadata),
        };
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var user = grains.GetGrain<IUserGrain>($"{_tenant}/{userId}");
        var answer = await reads.TryAsync("Recommend", () => user.Recommend(request));
        var slate = answer.IsThere ? answer.Value! : await PlainAsync(request);
        return Results.Json(SlateBody.Of(slate), GatewayJson.Web.SlateBody);
    }

    private async Task<Slate> PlainAsync(SlateRequest request)
    {
        metrics.Degraded("recommendations");
        return new Slate
        {
            RecommendationId = $"popular-{Guid.CreateVersion7():N}",
            Surface = request.Surface,
            ModelVersion = "none",
            Source = "popular",
            Degraded = true,
            Items = Surface.CanBePopular(request.Surface) ? (await popular.GetAsync(request.Country, request.Count, request.Metadata)).Items : [],
        };
    }
}
