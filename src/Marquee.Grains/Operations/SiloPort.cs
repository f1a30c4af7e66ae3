using System.Net.Sockets;

namespace Marquee.Grains.Operations;

/// <summary>Tells a process that has ended from one that cannot be reached.</summary>
internal static class SiloPort
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether the silo's machine answers that nothing listens there: then the process has ended. False when it can be
    /// connected to, and when nothing answers, which says nothing.
    /// </summary>
    public static async Task<bool> Refuses(SiloAddress silo)
    {
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var stop = new CancellationTokenSource(Longest);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, stop.Token);
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
