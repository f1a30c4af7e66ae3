using Marquee.Gateway.Json;
using Marquee.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Operations;

/// <summary>Answers the probes of an orchestrator: alive as long as it answers at all, ready when the node says so.</summary>
internal sealed class HealthEndpoints(IReadiness readiness)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapCall("GET", "/health/live", OperationsDescriptions.Live, _ => Task.FromResult(Of("live")));
        app.MapCall("GET", "/health/ready", OperationsDescriptions.Ready, _ => Task.FromResult(Ready()));
    }

    private IResult Ready() => readiness.Ready ? Of("ready") : Problem.Unavailable(readiness.Reason ?? "The node is starting.");

    private static IResult Of(string status) => JsonAnswer.Of(new HealthBody(status), GatewayJson.Default.HealthBody);
}

/// <summary>How the node is.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthBody(string Status);
