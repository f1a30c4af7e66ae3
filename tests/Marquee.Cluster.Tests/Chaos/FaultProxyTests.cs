using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Marquee.Cli.Chaos.Faults;

namespace Marquee.Cluster.Tests.Chaos;

/// <summary>The proxy between silos and store does to real connections what it says.</summary>
public sealed class FaultProxyTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests() => _proxy = new FaultProxy(_server.Endpoint);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task None_BytesOfManySizes_ArriveAsTheyWere()
    {
        using var client = await ConnectAsync();
        for (var size = 1; size < 1_000_000; size *= 7)
        {
            var sent = new byte[size];
            new Random(size).NextBytes(sent);
            var received = ReadAsync(client, size);
            await client.SendAsync(sent, Cancelled);
            Assert.Equal(sent, await received);
        }
    }

    [Fact]
    public async Task None_ClientEndsItsSide_StillGetsTheRestAndThenTheEnd()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("last"u8.ToArray(), Cancelled);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("last"u8.ToArray(), await ReadAsync(client, 4));
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancelled).AsTask().WaitAsync(Longest, Cancelled));
    }

    [Fact]
    public async Task Latency_EachRequest_ArrivesLater()
    {
        using var client = await ConnectAsync();
        _proxy.Fault = LinkFault.Latency(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        Assert.Equal([1], await EchoAsync(client, 1));
        Assert.True(clock.ElapsedMilliseconds >= 290, $"The answer was there after {clock.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task Drop_WhatIsSentMeanwhile_ArrivesWhenTheLinkHeals()
    {
        using var client = await ConnectAsync();
        _proxy.Fault = LinkFault.Drop;
        var answer = EchoAsync(client, 7);
        using var late = await ConnectAsync();
        var lateAnswer = EchoAsync(late, 8);
        await Task.Delay(300, Cancelled);
        Assert.Equal(0, _server.Received);
        _proxy.Fault = LinkFault.None;
        Assert.Equal([7], await answer);
        Assert.Equal([8], await lateAnswer);
    }

    [Fact]
    public async Task Reset_OpenConnectionsAndNewOnes_AreReset()
    {
        using var client = await ConnectAsync();
        Assert.Equal([1], await EchoAsync(client, 1));
        _proxy.Fault = LinkFault.Reset;
        await AssertResetAsync(client);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var another = await ConnectAsync();
            await EchoAsync(another, 2);
        });
        _proxy.Fault = LinkFault.None;
        using var after = await ConnectAsync();
        Assert.Equal([3], await EchoAsync(after, 3));
    }

    [Fact]
    public async Task HalfOpen_RequestArrivesAndItsAnswerIsLost_AndTheConnectionIsResetInTheEnd()
    {
        using var client = await ConnectAsync();
        _proxy.Fault = LinkFault.HalfOpen;
        await client.SendAsync(new byte[] { 5 }, Cancelled);
        while (_server.Received == 0)
        {
            await Task.Delay(10, Cancelled);
        }

        await Task.Delay(200, Cancelled);
        Assert.Equal(0, client.Available);
        _proxy.Fault = LinkFault.None;
        await AssertResetAsync(client);
    }

    [Fact]
    public async Task Slow_ManyBytes_TakeTheirTime()
    {
        using var client = await ConnectAsync();
        _proxy.Fault = LinkFault.Slow(20_000);
        var clock = Stopwatch.StartNew();
        var received = ReadAsync(client, 10_000);
        await client.SendAsync(new byte[10_000], Cancelled);
        await received;

        // Half a second each way, of which the two overlap at most by all but one piece.
        Assert.True(clock.ElapsedMilliseconds >= 450, $"They were there after {clock.ElapsedMilliseconds} ms.");
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Cancelled);
        return client;
    }

    private static async Task<byte[]> EchoAsync(Socket client, byte value)
    {
        await client.SendAsync(new[] { value }, Cancelled);
        return await ReadAsync(client, 1);
    }

    private static async Task<byte[]> ReadAsync(Socket client, int count)
    {
        var received = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await client.ReceiveAsync(received.AsMemory(at), Cancelled).AsTask().WaitAsync(Longest, Cancelled);
            Assert.True(read > 0, $"The connection ended after {at} of {count} bytes.");
            at += read;
        }

        return received;
    }

    private static async Task AssertResetAsync(Socket client)
    {
        var reset = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1], Cancelled).AsTask().WaitAsync(Longest, Cancelled));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    /// <summary>Sends back whatever it gets.</summary>
    private sealed class EchoServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _received;

        public EchoServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

        public int Received => Volatile.Read(ref _received);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = EchoAsync(await _listener.AcceptSocketAsync());
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }

        private async Task EchoAsync(Socket client)
        {
            using (client)
            {
                var buffer = new byte[4_096];
                try
                {
                    for (int read; (read = await client.ReceiveAsync(buffer)) > 0;)
                    {
                        Interlocked.Add(ref _received, read);
                        for (var sent = 0; sent < read;)
                        {
                            sent += await client.SendAsync(buffer.AsMemory(sent, read - sent));
                        }
                    }
                }
                catch (SocketException)
                {
                    // Reset, as it should be.
                }
            }
        }
    }
}
