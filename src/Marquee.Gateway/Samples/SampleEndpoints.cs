using Marquee.Gateway.Json;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Samples;

/// <summary>Tells a newcomer whom to try the service as.</summary>
internal sealed class SampleEndpoints(ISampleUsers users)
{
    public void Map(IEndpointRouteBuilder app) => app.MapCall("GET", "/v1/sample", OperationsDescriptions.Sample, GetAsync);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        if (new RequestQuery(context).Problem is { } invalid)
        {
            return invalid;
        }

        var all = await users.ListAsync(context.RequestAborted);
        return JsonAnswer.Of(new SampleBody([.. all.Select(user => new SampleUserBody(user.UserId, user.Events, user.FavouriteGenres))]), GatewayJson.Default.SampleBody);
    }
}

/// <summary>The sample.</summary>
/// <param name="Users">Users to try the service as; empty when no sample is loaded.</param>
internal sealed record SampleBody(IReadOnlyList<SampleUserBody> Users);

/// <summary>A user of the sample.</summary>
/// <param name="UserId">The id.</param>
/// <param name="Events">How many events the sample has of the user.</param>
/// <param name="FavouriteGenres">Best first.</param>
internal sealed record SampleUserBody(string UserId, int Events, IReadOnlyList<string> FavouriteGenres);
