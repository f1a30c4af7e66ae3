using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>Sends what is asked of a viewer to the node that holds the viewer, and everything else to each node in turn.</summary>
internal sealed class ViewerLoadBalancing(ViewerPlaces places) : ILoadBalancingPolicy
{
    /// <summary>The name in a cluster's configuration.</summary>
    public const string PolicyName = "Viewer";

    private static readonly PathString Users = new("/v1/users");

    private uint _turn;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public DestinationState? PickDestination(HttpContext context, Yarp.ReverseProxy.Model.ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count == 0)
        {
            return null;
        }

        if (ViewerOf(context.Request.Path) is { } userId && places.NodeOf(userId) is { } node)
        {
            foreach (var destination in availableDestinations)
            {
                if (destination.DestinationId == node)
                {
                    return destination;
                }
            }
        }

        return availableDestinations[(int)(Interlocked.Increment(ref _turn) % (uint)availableDestinations.Count)];
    }

    /// <summary>The viewer that a path is about, or null.</summary>
    private static string? ViewerOf(PathString path)
    {
        if (!path.StartsWithSegments(Users, out var rest) || rest.Value is not { Length: > 1 } text)
        {
            return null;
        }

        var end = text.IndexOf('/', 1);
        return end < 0 ? text[1..] : text[1..end];
    }
}
