using System.Diagnostics;

namespace Marquee.Cluster.Tests.Storage;

/// <summary>A directory of its own for one test; on a small file system of its own if asked.</summary>
internal sealed class StorageDirectory : IDisposable
{
    private readonly bool _isMounted;

    private StorageDirectory(string path, bool isMounted) => (Path, _isMounted) = (path, isMounted);

    public string Path { get; }

    public static StorageDirectory Create() => new(Directory.CreateTempSubdirectory("marquee-storage-").FullName, false);

    /// <summary>A file system in memory with room for so much; needs root.</summary>
    public static StorageDirectory CreateSmall(int megabytes)
    {
        Assert.True(Environment.IsPrivilegedProcess, "This test mounts a small file system and needs root.");
        var path = Directory.CreateTempSubdirectory("marquee-storage-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        return new StorageDirectory(path, true);
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", Path);
        }

        Directory.Delete(Path, recursive: true);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
