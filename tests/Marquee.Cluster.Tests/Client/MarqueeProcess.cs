using System.Diagnostics;
using System.Text.Json.Nodes;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Client;

/// <summary>The <c>marquee</c> command as a process of its own, as a script would run it.</summary>
internal sealed class MarqueeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private MarqueeProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string[] all = [Path.Combine(Repository.Root, "client", "Marquee.Cli", "bin", framework.Parent!.Name, framework.Name, "marquee.dll"), .. arguments];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the command reads from.</summary>
    public StreamWriter Input => _process.StandardInput;

    public static MarqueeProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<MarqueeResult> Run(params string[] arguments)
    {
        using var command = Start(arguments);
        command.Input.Close();
        return await command.Finish();
    }

    public async Task<MarqueeResult> Finish()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        await _process.WaitForExitAsync(stop.Token);
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

/// <summary>What a command came to.</summary>
internal sealed record MarqueeResult(int ExitCode, string Output, string Error)
{
    /// <summary>The document of --json.</summary>
    public JsonNode Document => JsonNode.Parse(Output) ?? throw new InvalidOperationException($"No document. {this}");
}
