using System.Net;
using Marquee.Cli.Chaos.Faults;

namespace Marquee.Tests.Storage;

/// <summary>A way to a store's server on which answers can get lost, for the conformance kits.</summary>
internal sealed class BreakableWay : IDisposable
{
    private FaultProxy? _proxy;

    /// <summary>Leads to a server on this machine.</summary>
    /// <param name="port">Where it listens.</param>
    /// <returns>The port to connect to.</returns>
    public int To(int port)
    {
        _proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, port));
        return _proxy.Port;
    }

    /// <summary>From now on requests arrive, and their answers do not.</summary>
    public void LoseAnswers() => _proxy!.Fault = LinkFault.HalfOpen;

    /// <summary>Ends <see cref="LoseAnswers"/>; connections that lost something are reset.</summary>
    public void Heal() => _proxy!.Fault = LinkFault.None;

    public void Dispose() => _proxy?.Dispose();
}
