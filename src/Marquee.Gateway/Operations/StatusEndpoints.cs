using Marquee.Contracts.Operations;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Operations;

/// <summary>Everything an operator looks at first.</summary>
internal sealed class StatusEndpoints(IGrainFactory grains, GrainReads reads, GatewayMetrics metrics)
{
    private readonly INodeGrain _node = grains.GetGrain<INodeGrain>(0);

    public void Map(IEndpointRouteBuilder app) => app.MapCall("GET", "/v1/status", OperationsDescriptions.Status, GetAsync);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        if (new RequestQuery(context).Problem is { } invalid)
        {
            return invalid;
        }

        var status = await reads.TryAsync("GetStatus", _node.GetStatus);
        return status.IsThere
            ? JsonAnswer.Of(StatusBody.Of(status.Value!, metrics.RejectedTotal), GatewayJson.Default.StatusBody)
            : status.ProblemOf("The node");
    }
}
