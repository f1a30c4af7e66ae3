namespace Marquee.Cli.Chaos.Faults;

/// <summary>Takes all the room of a file system, and gives it back.</summary>
/// <param name="folder">A folder of that file system.</param>
internal sealed class Ballast(string folder)
{
    private const string Prefix = "ballast-";

    /// <summary>Less is not worth a file: nobody can write a block into it.</summary>
    private const long SmallestBytes = 4 * 1024;

    private int _files;

    /// <summary>Takes what is free at the moment.</summary>
    public void Fill()
    {
        // Others write meanwhile, and a file needs blocks for itself: what does not fit is tried by half.
        for (var size = Free; size >= SmallestBytes; size = Math.Min(size, Free))
        {
            if (!TryTake(size))
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives all of it back.</summary>
    public void Release()
    {
        foreach (var file in Directory.GetFiles(folder, Prefix + "*"))
        {
            File.Delete(file);
        }
    }

    private long Free => new DriveInfo(folder).AvailableFreeSpace;

    private bool TryTake(long bytes)
    {
        var path = Path.Combine(folder, $"{Prefix}{_files++}");
        try
        {
            // The room is reserved, not written.
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes });
            return true;
        }
        catch (IOException)
        {
            File.Delete(path);
            return false;
        }
    }
}
