using System.Net;
using System.Net.Sockets;

namespace Marquee.Grains.Operations;

/// <summary>Tells a process that has ended from one that cannot be reached.</summary>
internal static class SiloPort
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether the silo's machine answers that nothing listens there. False when it can be connected to, and when nothing
    /// answers, which says nothing.
    /// </summary>
    public static Task<bool> Refuses(SiloAddress silo) => Refuses(silo.Endpoint);

    /// <inheritdoc cref="Refuses(SiloAddress)"/>
    public static async Task<bool> Refuses(IPEndPoint place)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var stop = new CancellationTokenSource(Longest);
        try
        {
            await socket.ConnectAsync(place, stop.Token);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
