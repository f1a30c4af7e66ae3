using System.Globalization;

namespace Marquee.Cli.Clusters.Processes;

/// <summary>The silo's program, and how one is started.</summary>
internal static class SiloProgram
{
    private const string FileName = "marquee-silo.dll";

    /// <summary>Finds the built program in the clone that this command was built in.</summary>
    /// <param name="given">What the person named instead; null when nothing.</param>
    public static string Find(string? given)
    {
        if (given is not null)
        {
            var path = Directory.Exists(given) ? Path.Combine(given, FileName) : given;
            return File.Exists(path) ? Path.GetFullPath(path) : throw new CommandFailure($"There is no silo at {Path.GetFullPath(path)}.", $"--silo takes {FileName} or the folder that it is in.");
        }

        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        if (Clone.Root is { } root)
        {
            // The configuration that this command was built in, or else another.
            string[] configurations = [own.Parent?.Name ?? "Release", "Release", "Debug"];
            return configurations.Select(configuration => Path.Combine(root, "silo", "bin", configuration, own.Name, FileName)).FirstOrDefault(File.Exists)
                ?? throw new CommandFailure("The silo is not built.", "Build it with 'dotnet build silo -c Release'.");
        }

        throw new CommandFailure("This command is not in a clone of Marquee, so it does not know where the silo is.", $"Name it with --silo PATH, the path of {FileName}.");
    }

    /// <summary>A silo, ready to be started.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="url">Where it is to take requests.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="storage">The store's kind.</param>
    /// <param name="connection">How to reach the store; given by the environment, which others cannot read.</param>
    /// <param name="options">Further options.</param>
    /// <param name="log">What it prints goes here.</param>
    public static BackgroundProcess Describe(string assembly, Uri url, string cluster, string storage, string connection, IEnumerable<string> options, string log) =>
        Dotnet(
            assembly,
            ["--urls", url.GetLeftPart(UriPartial.Authority), $"--Marquee:Storage={storage}", $"--Marquee:Cluster={cluster}", .. options],
            log) with
        {
            Environment = new Dictionary<string, string> { ["Marquee__Connection"] = connection },
        };

    /// <summary>A .NET program, ready to be started.</summary>
    public static BackgroundProcess Dotnet(string assembly, IReadOnlyList<string> arguments, string log) => new(Host, [assembly, .. arguments], log);

    /// <summary>The <c>dotnet</c> that runs this command, or the one on the path.</summary>
    private static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>An address on the loopback interface.</summary>
    public static Uri LoopbackUrl(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
