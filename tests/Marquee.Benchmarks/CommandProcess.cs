using System.Diagnostics;
using System.Text.Json;
using Marquee.Cli;

namespace Marquee.Benchmarks;

/// <summary>Runs <c>marquee</c> in a process of its own, so that what it uses is not the benchmark's.</summary>
internal static class CommandProcess
{
    /// <summary>Runs a command and reads the JSON document that it prints.</summary>
    /// <param name="arguments">Those of the command, with <c>--json</c> among them.</param>
    /// <exception cref="InvalidOperationException">It ended otherwise than done, or done with findings.</exception>
    public static async Task<JsonElement> Run(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(MarqueeCommand).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode is ExitCode.Success or ExitCode.Findings
            ? JsonElement.Parse(output)
            : throw new InvalidOperationException($"'marquee {string.Join(' ', arguments)}' ended with {process.ExitCode}: {output}");
    }
}
