using System.Diagnostics;
using System.Net;
using Marquee.Cli.Clusters.Processes;
using Marquee.Silo;

namespace Marquee.Benchmarks.Scale;

/// <summary>A node in a process of its own, as the build left it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private NodeProcess(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>From the start of the process until the node said that it was ready.</summary>
    public double SecondsUntilReady { get; private set; }

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan Cpu => _process.TotalProcessorTime;

    /// <summary>Starts a node without training on a data directory, and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took longer than three minutes.</exception>
    public static async Task<NodeProcess> Start(string directory)
    {
        var address = $"http://127.0.0.1:{ServerCommand.FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(NodeHost).Assembly.Location, "--urls", address, $"--Marquee:Data={directory}", "--Marquee:Training=false", "--Marquee:DrainSeconds=0", "--Logging:LogLevel:Default=Error"])
        {
            start.ArgumentList.Add(argument);
        }

        using var http = new HttpClient();
        var clock = Stopwatch.StartNew();
        var node = new NodeProcess(Process.Start(start)!, address);
        _ = node._process.StandardOutput.ReadToEndAsync();
        _ = node._process.StandardError.ReadToEndAsync();
        while (!await IsReady(http, $"{address}/health/ready"))
        {
            if (node._process.HasExited || clock.Elapsed > LongestStart)
            {
                await node.DisposeAsync();
                throw new InvalidOperationException("The node did not become ready.");
            }

            await Task.Delay(10);
        }

        node.SecondsUntilReady = clock.Elapsed.TotalSeconds;
        return node;
    }

    /// <summary>Stops it in order, so that the next start finds what a node leaves that was stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", $"{_process.Id}");
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> IsReady(HttpClient http, string address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
