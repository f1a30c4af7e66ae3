using System.Globalization;
using System.Net;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Chaos.Clusters;

/// <summary>
/// A network namespace for each silo, all on one bridge, so that two silos can be cut off from each other alone. Needs root
/// and the <c>ip</c> command.
/// </summary>
/// <remarks>
/// A direction is cut by giving the other silo a hardware address that nobody has: packets are sent and never arrive, as on a
/// broken network, and connections that are open stay so.
/// </remarks>
internal sealed class SiloNetwork : IAsyncDisposable
{
    /// <summary>What the machine has to have for it, for people.</summary>
    public const string Needs = "network namespaces: root and ip";

    private const string Nobody = "02:00:00:00:00:01";
    private const string Prefix = "mq";
    private const string Namespaces = "/run/netns";

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
    private readonly List<int> _namespaces = [];

    private SiloNetwork()
    {
    }

    /// <summary>This process's address on the bridge: where silos reach the store.</summary>
    public IPAddress Host => AddressOf(0);

    /// <summary>Makes the network.</summary>
    /// <returns>Null where that is not possible.</returns>
    public static async Task<SiloNetwork?> TryCreateAsync(int silos)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var network = new SiloNetwork();
        try
        {
            await SweepAsync();
            await network.CreateAsync(silos);
            return network;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            await network.DisposeAsync();
            return null;
        }
    }

    /// <summary>The address of a silo, from 1.</summary>
    public IPAddress AddressOf(int silo) => new([10, (byte)(100 + (Environment.ProcessId / 250 % 100)), (byte)(Environment.ProcessId % 250), (byte)(silo + 1)]);

    /// <summary>The process, put into a silo's namespace.</summary>
    public BackgroundProcess Inside(int silo, BackgroundProcess process) =>
        process with { Command = "ip", Arguments = ["netns", "exec", NamespaceOf(silo), process.Command, .. process.Arguments] };

    /// <summary>Lets nothing through from one silo to another.</summary>
    public Task CutAsync(int from, int to) => ServerCommand.RunAsync(
        "ip", "-n", NamespaceOf(from), "neigh", "replace", AddressOf(to).ToString(), "lladdr", Nobody, "nud", "permanent", "dev", "eth0");

    /// <summary>Undoes <see cref="CutAsync"/>.</summary>
    public Task HealAsync(int from, int to) => ServerCommand.RunAsync("ip", "-n", NamespaceOf(from), "neigh", "del", AddressOf(to).ToString(), "dev", "eth0");

    /// <summary>Whether what comes in can be told apart by port: needs the <c>nft</c> command.</summary>
    public static bool CanFilter { get; } = File.Exists("/usr/sbin/nft");

    /// <summary>How many connections of others to a port a process has in its namespace; 0 when it has ended.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="port">The port.</param>
    public static int CountInbound(int process, int port)
    {
        // The second column is the local address and port in hexadecimal, the fourth the state: 01 is established.
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return ((string[])["tcp", "tcp6"])
            .Select(table => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/net/{table}"))
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns is [_, var address, _, "01", ..] && address.EndsWith(local, StringComparison.Ordinal));
    }

    /// <summary>Lets nothing in at a port of a silo, on open connections too; those that it opened itself live on.</summary>
    /// <param name="silo">From 1.</param>
    /// <param name="port">The port.</param>
    /// <param name="isRefused">Whether who tries is told, by a reset.</param>
    public async Task CutInboundAsync(int silo, int port, bool isRefused = false)
    {
        await FilterAsync(silo, "add", "table", "inet", _name);
        await FilterAsync(silo, "add", "chain", "inet", _name, "input", "{ type filter hook input priority 0; }");
        await FilterAsync(silo, ["add", "rule", "inet", _name, "input", "tcp", "dport", port.ToString(CultureInfo.InvariantCulture), .. isRefused ? (string[])["reject", "with", "tcp", "reset"] : ["drop"]]);
    }

    /// <summary>Undoes <see cref="CutInboundAsync"/>.</summary>
    public Task HealInboundAsync(int silo) => FilterAsync(silo, "delete", "table", "inet", _name);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _namespaces)
        {
            await IgnoreFailureAsync("netns", "del", NamespaceOf(silo));
        }

        await IgnoreFailureAsync("link", "del", _name);
    }

    private async Task CreateAsync(int silos)
    {
        await ServerCommand.RunAsync("ip", "link", "add", _name, "type", "bridge");
        await ServerCommand.RunAsync("ip", "addr", "add", $"{Host}/24", "dev", _name);
        await ServerCommand.RunAsync("ip", "link", "set", _name, "up");
        for (var silo = 1; silo <= silos; silo++)
        {
            var (space, link) = (NamespaceOf(silo), string.Create(CultureInfo.InvariantCulture, $"{_name}s{silo}"));
            await ServerCommand.RunAsync("ip", "netns", "add", space);
            _namespaces.Add(silo);
            await ServerCommand.RunAsync("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", space);
            await ServerCommand.RunAsync("ip", "link", "set", link, "master", _name);
            await ServerCommand.RunAsync("ip", "link", "set", link, "up");
            await ServerCommand.RunAsync("ip", "-n", space, "addr", "add", $"{AddressOf(silo)}/24", "dev", "eth0");
            await ServerCommand.RunAsync("ip", "-n", space, "link", "set", "eth0", "up");
            await ServerCommand.RunAsync("ip", "-n", space, "link", "set", "lo", "up");
        }
    }

    /// <summary>Deletes what runs that were themselves killed have left behind.</summary>
    private static async Task SweepAsync()
    {
        foreach (var space in Directory.Exists(Namespaces) ? Directory.GetFiles(Namespaces, $"{Prefix}*-*").Select(path => Path.GetFileName(path)) : [])
        {
            var name = space[..space.IndexOf('-', StringComparison.Ordinal)];
            if (int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var run) && ProcessIdentity.Of(run) is null)
            {
                await IgnoreFailureAsync("netns", "del", space);
                await IgnoreFailureAsync("link", "del", name);
            }
        }
    }

    private Task FilterAsync(int silo, params string[] arguments) => ServerCommand.RunAsync("ip", ["netns", "exec", NamespaceOf(silo), "nft", .. arguments]);

    private static async Task IgnoreFailureAsync(params string[] arguments)
    {
        try
        {
            await ServerCommand.RunAsync("ip", arguments);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It was never made.
        }
    }

    private string NamespaceOf(int silo) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{silo}");
}
