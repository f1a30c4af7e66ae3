using Marquee.Gateway.Json;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Queries;
using Marquee.Gateway.Recommendations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Catalogue;

/// <summary>What is most watched now.</summary>
internal sealed class TrendingEndpoints(PopularTitles popular, GatewayMetrics metrics)
{
    private static readonly IntegerParameter Count = SharedParameters.Count(PopularTitles.CountMax);

    public void Map(IEndpointRouteBuilder app) =>
        app.MapCall("GET", "/v1/trending", RecommendationDescriptions.Trending, GetAsync, SharedParameters.Country, Count, SharedParameters.Metadata);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var country = query.Read(SharedParameters.Country);
        var count = query.Read(Count);
        var metadata = query.Read(SharedParameters.Metadata);
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var answer = await popular.GetAsync(country, count, metadata);
        if (answer.Degraded)
        {
            metrics.Degraded("trending");
        }

        return JsonAnswer.Of(new TrendingBody(answer.Degraded, SlateItemBody.Of(answer.Items)), GatewayJson.Default.TrendingBody);
    }
}

/// <summary>What is most watched now.</summary>
/// <param name="Degraded">Older than asked for.</param>
/// <param name="Items">Best first.</param>
internal sealed record TrendingBody(bool Degraded, IReadOnlyList<SlateItemBody> Items);
