using Marquee.Contracts.Catalogue;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Marquee.Gateway.Recommendations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Titles;

/// <summary>More like this.</summary>
internal sealed class SimilarEndpoints(IGrainFactory grains, GrainReads reads, IOptions<GatewayOptions> options)
{
    private static readonly IntegerParameter Count = SharedParameters.Count(100);

    private readonly ICatalogueReaderGrain _catalogue = grains.GetGrain<ICatalogueReaderGrain>(options.Value.Tenant);

    public void Map(IEndpointRouteBuilder app) =>
        app.MapCall("GET", "/v1/titles/{id}/similar", TitleDescriptions.Similar, GetAsync, Count, SharedParameters.Country, SharedParameters.Metadata);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var titleId = query.Id("titleId");
        var count = query.Read(Count);
        var country = query.Read(SharedParameters.Country);
        var metadata = query.Read(SharedParameters.Metadata);
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var similar = await reads.TryAsync("GetSimilar", () => _catalogue.GetSimilar(titleId, count, country, metadata));
        return similar switch
        {
            { IsThere: false } => similar.ProblemOf("The catalogue"),
            { Value: null } => Problem.NotFound($"No title {titleId} is known."),
            { Value: var known } => JsonAnswer.Of(new SimilarBody(titleId, SlateItemBody.Of(known.Items)), GatewayJson.Default.SimilarBody),
        };
    }
}

/// <summary>Titles like a title.</summary>
/// <param name="TitleId">The title.</param>
/// <param name="Items">Best first.</param>
internal sealed record SimilarBody(string TitleId, IReadOnlyList<SlateItemBody> Items);
