using System.ComponentModel;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Clusters.Stores;

/// <summary>A file system for the store's data alone, in one file of the store's folder: it can run out of room and nothing else does.</summary>
/// <remarks>Needs root and a loop device. The file is sparse: it takes the room of what is written.</remarks>
/// <param name="folder">The store's folder.</param>
internal sealed class StoreDisk(string folder)
{
    private const string SizeText = "2G";
    private const int UnmountAttempts = 10;

    private static readonly TimeSpan UnmountPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Where it is mounted, and the store's data are.</summary>
    public string Data { get; } = Path.Combine(folder, "data");

    private string Image => Path.Combine(folder, "disk.img");

    /// <summary>Whether it is mounted. The kernel writes a blank in a path as <c>\040</c>.</summary>
    public bool IsMounted => File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ')[1].Replace("\\040", " ", StringComparison.Ordinal) == Data);

    /// <summary>Makes it, empty, and mounts it.</summary>
    /// <returns>False where that is not possible; nothing is left behind then.</returns>
    public async Task<bool> TryMakeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(Data);

            // No part is kept for root, and few inodes: what is written is the store's.
            await ServerCommand.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", "-N", "16384", "-E", "lazy_itable_init=1,lazy_journal_init=1", Image, SizeText);
            await ServerCommand.RunAsync("mount", "-o", "loop,noatime", Image, Data);

            // A server takes only an empty folder for its data.
            Directory.Delete(Path.Combine(Data, "lost+found"));
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or OperationCanceledException)
        {
            await UnmountAsync();
            File.Delete(Image);
            return false;
        }
    }

    /// <summary>Unmounts it if it is mounted; what it holds stays in its file.</summary>
    public async Task UnmountAsync()
    {
        for (var attempt = 1; IsMounted; attempt++)
        {
            try
            {
                // What ended a moment ago may hold it still; in the end it goes when nobody does any more.
                await ServerCommand.RunAsync("umount", attempt < UnmountAttempts ? [Data] : ["--lazy", Data]);
            }
            catch (InvalidOperationException) when (attempt < UnmountAttempts)
            {
                await Task.Delay(UnmountPause);
            }
        }
    }
}
