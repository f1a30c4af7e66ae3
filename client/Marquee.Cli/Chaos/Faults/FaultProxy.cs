using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Marquee.Cli.Chaos.Faults;

/// <summary>Stands between clients and a server, and does to the link what networks do.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly FaultSwitch _switch = new();

    /// <summary>Starts it.</summary>
    /// <param name="server">Where it connects to.</param>
    /// <param name="listen">The address on which it listens; loopback when null. The port is a free one.</param>
    public FaultProxy(IPEndPoint server, IPAddress? listen = null)
    {
        _server = server;
        _listener = new TcpListener(listen ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is wrong with the link from now on, for connections that are there and for new ones.</summary>
    public LinkFault Fault
    {
        get => _switch.Current;
        set
        {
            _switch.Set(value);
            foreach (var connection in _connections.Keys.Where(connection => value.Kind == LinkFaultKind.Reset || connection.HasLost))
            {
                connection.Reset();
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = new ProxiedConnection(client, _switch);
        _connections[connection] = true;
        try
        {
            await connection.RunAsync(_server, _stop.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, or was made to go.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
