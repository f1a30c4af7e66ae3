namespace Marquee.Cluster.Tests.Clusters;

/// <summary>A temporary folder that also the user can get into who PostgreSQL runs as.</summary>
internal sealed class ReachableFolder : IDisposable
{
    public ReachableFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("marquee-cluster-").FullName;

    /// <summary>Whether it stays, for somebody to look at.</summary>
    public bool IsKept { get; set; }

    public void Dispose()
    {
        if (!IsKept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
