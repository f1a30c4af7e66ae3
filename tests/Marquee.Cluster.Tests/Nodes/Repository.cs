namespace Marquee.Cluster.Tests.Nodes;

/// <summary>Places in the repository that tests need.</summary>
public static class Repository
{
    /// <summary>The top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The built node, of the same configuration as these tests.</summary>
    public static string SiloAssembly => Built("silo", "marquee-silo.dll");

    /// <summary>The built program that tests of the store kill.</summary>
    public static string StorageWorkerAssembly => Built(Path.Combine("tests", "Marquee.Storage.Worker"), "marquee-storage-worker.dll");

    /// <summary>A folder for what a run leaves behind; ignored by version control.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Root, "artifacts")).FullName;

    /// <summary>A program where its own build put it: copied beside these tests it would lack what their framework brings.</summary>
    private static string Built(string project, string assembly)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name, assembly);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Orleans.sln above {AppContext.BaseDirectory}.");
    }
}
