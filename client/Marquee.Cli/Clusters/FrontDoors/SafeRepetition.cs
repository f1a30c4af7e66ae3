using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>Asks another node when one does not answer, but only where that cannot do anything twice.</summary>
internal static class SafeRepetition
{
    private const int MostAttempts = 3;

    /// <summary>Runs the rest of the proxy, and again on another node while that is safe.</summary>
    public static async Task RunAsync(HttpContext context, Func<Task> next)
    {
        var proxy = context.GetReverseProxyFeature();
        List<DestinationState> tried = [];
        for (var attempt = 1; ; attempt++)
        {
            await next();
            if (context.Response.HasStarted || context.GetForwarderErrorFeature() is not { } failure)
            {
                break;
            }

            if (proxy.ProxiedDestination is { } failed)
            {
                tried.Add(failed);
            }

            DestinationState[] others = [.. proxy.AllDestinations.Except(tried).Where(node => node.Health.Active != DestinationHealth.Unhealthy)];
            if (attempt == MostAttempts || others.Length == 0 || !IsSafe(context, failure))
            {
                break;
            }

            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.AvailableDestinations = others;
        }

        if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status502BadGateway)
        {
            context.Response.Headers.RetryAfter = "1";
        }
    }

    /// <summary>Whether the request changes nothing.</summary>
    public static bool IsRead(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    /// <summary>A read changes nothing; another request only when it never got to the node.</summary>
    private static bool IsSafe(HttpContext context, IForwarderErrorFeature failure) =>
        !context.RequestAborted.IsCancellationRequested
        && (IsRead(context) || failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });
}
