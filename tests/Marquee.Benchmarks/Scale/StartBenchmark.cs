using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Marquee.Benchmarks.Results;
using Marquee.Silo;

namespace Marquee.Benchmarks.Scale;

/// <summary>A node's start as an operator sees it: from the start of its process until it says that it is ready.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static async Task Run(Report report)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-start-").FullName;
        try
        {
            Report.Progress("the first start, which loads the sample");
            var first = await Start(directory);
            var again = new List<StartCost>();
            for (var start = 0; start < Starts; start++)
            {
                Report.Progress($"start {start + 1} of {Starts} on what is stored");
                again.Add(await Start(directory));
            }

            again.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
            report.Note($"Processes of their own, as the build left them, embedded storage, the sample of 12,611 titles and 141,695 events, without training. On what is stored: {Starts} starts, the fastest, and the one in the middle.");
            report.Add(Row("first start, the sample is loaded: process start until ready", first, null));
            report.Add(Row("start on what is stored: process start until ready, fastest", again[0], null));
            report.Add(Row("start on what is stored: process start until ready, median", again[Starts / 2], "5 s, better 2 s"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ResultRow Row(string what, StartCost cost, string? wanted) =>
        new(what, cost.Seconds, "s") { CpuMicroseconds = cost.Cpu.TotalMicroseconds, Wanted = wanted };

    private static async Task<StartCost> Start(string directory)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(NodeHost).Assembly.Location, "--urls", address, $"--Marquee:Data={directory}", "--Marquee:Training=false", "--Marquee:DrainSeconds=0", "--Logging:LogLevel:Default=Error"])
        {
            start.ArgumentList.Add(argument);
        }

        using var http = new HttpClient();
        var clock = Stopwatch.StartNew();
        using var node = Process.Start(start)!;
        _ = node.StandardOutput.ReadToEndAsync();
        _ = node.StandardError.ReadToEndAsync();
        try
        {
            while (!await IsReady(http, $"{address}/health/ready"))
            {
                if (node.HasExited || clock.Elapsed > Longest)
                {
                    throw new InvalidOperationException("The node did not become ready.");
                }

                await Task.Delay(10);
            }

            return new StartCost(clock.Elapsed.TotalSeconds, node.TotalProcessorTime);
        }
        finally
        {
            await Stop(node);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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

    /// <summary>In order, so that the next start finds what a node leaves that was stopped.</summary>
    private static async Task Stop(Process node)
    {
        if (!node.HasExited)
        {
            using var signal = Process.Start("kill", $"{node.Id}");
            await node.WaitForExitAsync();
        }
    }

    /// <summary>What a start took.</summary>
    private readonly record struct StartCost(double Seconds, TimeSpan Cpu);
}
