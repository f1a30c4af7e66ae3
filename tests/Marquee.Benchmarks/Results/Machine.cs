using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Marquee.Benchmarks.Results;

/// <summary>The machine and the runtime that measure.</summary>
/// <param name="Processor">Model of the processor.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="Runtime">For example <c>.NET 10.0.12</c>.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="VectorBits">Width of the vectors that the engine's loops use.</param>
/// <param name="WidestVectorBits">Width of the widest vectors that the processor has.</param>
/// <param name="Collector">Which garbage collector.</param>
internal sealed record Machine(string Processor, int Cores, string Runtime, string System, int VectorBits, int WidestVectorBits, string Collector)
{
    /// <summary>This one.</summary>
    public static Machine Here() => new(
        Model(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.RuntimeIdentifier,
        8 * Vector<byte>.Count,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0,
        global::System.Runtime.GCSettings.IsServerGC ? "server" : "workstation");

    /// <summary>The commit of the files that are measured.</summary>
    public static string Commit()
    {
        try
        {
            var hash = Git("rev-parse --short HEAD");
            return Git("status --porcelain -- src silo client tests/Marquee.Benchmarks sample").Length == 0 ? hash : hash + "+";
        }
        catch (Exception exception) when (exception is global::System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return "unknown";
        }
    }

    /// <summary>Load average over one minute; not a number where the system does not tell.</summary>
    public static double Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;

    private static string Git(string arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : "unknown";
    }

    private static string Model()
    {
        const string Path = "/proc/cpuinfo";
        var line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
