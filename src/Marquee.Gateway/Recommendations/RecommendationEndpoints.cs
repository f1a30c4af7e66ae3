using Marquee.Contracts.Recommendations;
using Marquee.Gateway.Json;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Recommendations;

/// <summary>Answers for one surface. When the viewer's grain does not answer, what stands in says so.</summary>
internal sealed class RecommendationEndpoints(ViewerReads viewers)
{
    private static readonly SurfaceParameter SurfaceOf = new("surface", "The placement on the page.");
    private static readonly IntegerParameter Count = SharedParameters.Count(PopularTitles.CountMax);

    public void Map(IEndpointRouteBuilder app) =>
        app.MapCall("GET", "/v1/users/{id}/recommendations", RecommendationDescriptions.Recommend, GetAsync, ViewerReads.Parameters(SurfaceOf, Count));

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var userId = query.Id("userId");
        var surface = query.Read(SurfaceOf);
        var viewer = viewers.Read(query, userId, Count);
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var request = new SlateRequest
        {
            Surface = surface,
            Count = viewer.Count,
            Country = viewer.Country,
            After = viewer.After,
            Explain = viewer.Explain,
            Metadata = viewer.Metadata,
            WithoutExploration = !viewer.Explore,
        };
        return JsonAnswer.Of(SlateBody.Of(await viewers.RecommendAsync(userId, request)), GatewayJson.Default.SlateBody);
    }
}
