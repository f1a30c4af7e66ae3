using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Marquee.Cli.Chaos.Faults;

/// <summary>One connection through the proxy: two directions, each in order, each under the fault that holds at the moment.</summary>
internal sealed class ProxiedConnection(Socket client, FaultSwitch faults) : IDisposable
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>What is under way in one direction; beyond, the sender is held up, as by a full window.</summary>
    private const int PiecesMax = 64;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _hasLost;

    /// <summary>Whether something was lost that the other side counts on.</summary>
    public bool HasLost => _hasLost;

    /// <summary>Runs until both sides have ended, or one is gone.</summary>
    public async Task RunAsync(IPEndPoint server, CancellationToken cancelled)
    {
        client.NoDelay = true;
        if (faults.Current.Kind == LinkFaultKind.Reset)
        {
            Reset();
            return;
        }

        await faults.UntilOpenAsync(cancelled);
        await _server.ConnectAsync(server, cancelled);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var directions = new[] { CarryAsync(client, _server, isRequest: true, gone.Token), CarryAsync(_server, client, isRequest: false, gone.Token) };
        var first = await Task.WhenAny(directions);
        if (!first.IsCompletedSuccessfully)
        {
            await gone.CancelAsync();
        }

        await Task.WhenAll(directions);
    }

    /// <summary>Ends both sides by a reset.</summary>
    public void Reset()
    {
        foreach (var socket in (Socket[])[client, _server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has ended, or never began.
            }

            socket.Close();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task CarryAsync(Socket from, Socket to, bool isRequest, CancellationToken cancelled)
    {
        var pieces = Channel.CreateBounded<(byte[] Bytes, long ArrivesAt)>(PiecesMax);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var delivery = DeliverAsync(pieces.Reader, to, isRequest, failed);
        var buffer = new byte[PieceBytes];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, failed.Token)) > 0;)
            {
                var fault = faults.Current;
                var delay = isRequest && fault.Kind == LinkFaultKind.Latency ? (long)fault.Delay.TotalMilliseconds : 0;
                await pieces.Writer.WriteAsync((buffer[..read], Environment.TickCount64 + delay), failed.Token);
            }
        }
        finally
        {
            pieces.Writer.Complete();
        }

        await delivery;
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task DeliverAsync(ChannelReader<(byte[] Bytes, long ArrivesAt)> pieces, Socket to, bool isRequest, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var (bytes, arrivesAt) in pieces.ReadAllAsync(failed.Token))
            {
                if (arrivesAt - Environment.TickCount64 is > 0 and var rest)
                {
                    await Task.Delay((int)rest, failed.Token);
                }

                await faults.UntilOpenAsync(failed.Token);
                var fault = faults.Current;
                if (fault.Kind == LinkFaultKind.HalfOpen && !isRequest)
                {
                    _hasLost = true;
                    if (faults.Current != fault)
                    {
                        // The link healed meanwhile, and may have looked before anything was lost.
                        Reset();
                    }

                    continue;
                }

                if (fault.Kind == LinkFaultKind.Slow)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)bytes.Length / fault.BytesPerSecond), failed.Token);
                }

                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), failed.Token);
                }
            }
        }
        catch
        {
            // Nobody reads what comes any more: the sender is not to be held up for ever.
            await failed.CancelAsync();
            throw;
        }
    }
}
