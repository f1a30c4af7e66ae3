using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Marquee.Cluster.Tests.Nodes;

/// <summary>A real node in a process of its own, with a data directory of its own: started, killed and started again.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan UsualReadyTimeout = TimeSpan.FromSeconds(120);

    private readonly string[] _options;
    private readonly string _program;
    private readonly bool _ownsData;
    private readonly StringBuilder _output = new();
    private Process? _process;

    /// <param name="options">Further options, for example <c>--Marquee:Sample=none</c>.</param>
    /// <param name="dataDirectory">The data directory; a temporary one that is removed afterwards when null.</param>
    /// <param name="program">The silo's assembly; the one built with these tests when null.</param>
    public NodeProcess(string[]? options = null, string? dataDirectory = null, string? program = null)
    {
        _options = options ?? [];
        _program = program ?? Repository.SiloAssembly;
        _ownsData = dataDirectory is null;
        DataDirectory = dataDirectory ?? Directory.CreateTempSubdirectory("marquee-node-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Where the node listens; the same after a restart.</summary>
    public Uri Address { get; }

    /// <summary>Where it keeps everything durable.</summary>
    public string DataDirectory { get; }

    /// <summary>A client of the node.</summary>
    public HttpClient Http { get; }

    /// <summary>What the process has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The process's number.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The node does not run.");

    /// <summary>Starts the process and waits until the node is ready.</summary>
    /// <param name="timeout">How long to wait; two minutes when null.</param>
    public async Task Start(TimeSpan? timeout = null)
    {
        StartProcess();
        await WaitUntilReady(timeout);
    }

    /// <summary>Starts the process and does not wait.</summary>
    public void StartProcess()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        // These nodes live for seconds: code that is compiled quickly and never again saves more than it costs.
        start.Environment["DOTNET_TC_QuickJit"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        string[] arguments = [_program, "--urls", Address.ToString().TrimEnd('/'), $"--Marquee:Data={DataDirectory}", .. _options];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The node's process did not start.");
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the node says that it is ready.</summary>
    /// <param name="timeout">How long to wait; two minutes when null.</param>
    public async Task WaitUntilReady(TimeSpan? timeout = null)
    {
        var longest = timeout ?? UsualReadyTimeout;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < longest)
        {
            if (_process is null or { HasExited: true })
            {
                throw new InvalidOperationException($"The node ended before it was ready. It printed:\n{Output}");
            }

            try
            {
                using var answer = await Http.GetAsync("health/ready");
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        // Whoever cannot start a node does not get to dispose of it either.
        await Kill();
        throw new TimeoutException($"The node was not ready after {longest.TotalSeconds} s. It printed:\n{Output}");
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExit(TimeSpan timeout)
    {
        using var stop = new CancellationTokenSource(timeout);
        await _process!.WaitForExitAsync(stop.Token);
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    /// <summary>SIGTERM, and waits until the process has ended in order.</summary>
    public async Task<int> Stop()
    {
        await Signal("TERM");
        return await WaitForExit(TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGSTOP: the process stands still, and its connections stay.</summary>
    public Task Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public Task Thaw() => Signal("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process?.Dispose();
        Http.Dispose();
        if (_ownsData)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    private async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
