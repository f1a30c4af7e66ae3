using System.Diagnostics;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>The silo built anew under another version, in a folder of its own, as the next release would be: other assemblies, the same messages.</summary>
internal sealed class NextBuild : IDisposable
{
    /// <summary>What its nodes say that they are.</summary>
    public const string Version = "99.0.0";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("marquee-next-");

    /// <summary>The silo's assembly.</summary>
    public string Program => Path.Combine(_folder.FullName, "bin", "Marquee.Silo", "release", "marquee-silo.dll");

    /// <summary>Builds it.</summary>
    /// <exception cref="InvalidOperationException">It does not build.</exception>
    public static async Task<NextBuild> Make(CancellationToken cancellation)
    {
        var build = new NextBuild();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        string[] arguments =
        [
            "build", "silo/Marquee.Silo.csproj", "-c", "Release", $"-p:Version={Version}", "--artifacts-path", build._folder.FullName,
            "-p:RunAnalyzers=false", "-nologo", "-v", "quiet", "-nodeReuse:false",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(Longest);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop.Token), process.StandardError.ReadToEndAsync(stop.Token));
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode == 0 ? build : throw new InvalidOperationException($"The next version does not build:\n{await output}{await errors}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            build.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
