using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Embedded;

/// <summary>A node's data directory, held by this process alone until it is disposed.</summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>The name of the file whose lock says that the directory is in use.</summary>
    public const string LockFileName = "marquee.lock";

    private const string HolderFileName = "marquee.pid";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream heldLock, DataManifest manifest)
    {
        (Path, _lock, Manifest) = (path, heldLock, manifest);
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>What the directory says about itself.</summary>
    public DataManifest Manifest { get; }

    /// <summary>Takes the directory; creates it, with its manifest, when it is new.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="partitionCount">How many log partitions the node is configured with.</param>
    /// <param name="time">The clock for the manifest.</param>
    /// <exception cref="StoreUnavailableException">Another process holds the directory, or it cannot be written.</exception>
    /// <exception cref="StoreMismatchException">It was made with another number of partitions, or by a newer version.</exception>
    /// <exception cref="StoreDamagedException">The manifest is not what was written, or missing.</exception>
    public static DataDirectory Open(string path, int partitionCount, TimeProvider? time = null)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            System.IO.Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data directory {path} cannot be created: {exception.Message}", exception);
        }

        var heldLock = Lock(path);
        try
        {
            var manifest = ReadManifest(path) ?? Create(path, partitionCount, time ?? TimeProvider.System);
            if (manifest.Partitions != partitionCount)
            {
                throw new StoreMismatchException(
                    $"The data directory {path} was made with {manifest.Partitions} partitions, and the node is configured with {partitionCount}. "
                    + $"The number is fixed when the directory is made: configure {manifest.Partitions}, or start with another directory and import the events again.");
            }

            return new DataDirectory(path, heldLock, manifest);
        }
        catch
        {
            heldLock.Dispose();
            throw;
        }
    }

    /// <summary>Lets the directory go.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Takes the lock.</summary>
    /// <exception cref="StoreUnavailableException">Another process holds it.</exception>
    internal static FileStream Lock(string path)
    {
        var lockPath = System.IO.Path.Combine(path, LockFileName);
        FileStream heldLock;
        try
        {
            heldLock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data directory {path} is in use by another process{Holder(path)}, or cannot be written ({exception.Message}). "
                + "Stop that process, or give this one a directory of its own. Nodes that share what they hold need --Marquee:Storage=postgres or azure.", exception);
        }

        try
        {
            // Beside the lock: a locked file cannot be read by others.
            File.WriteAllText(System.IO.Path.Combine(path, HolderFileName), $"{Environment.ProcessId}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The number is only for the other process's message; the lock is held.
        }

        return heldLock;
    }

    /// <summary>The manifest; null for a new directory.</summary>
    /// <exception cref="StoreDamagedException">The manifest is not what was written, or missing beside a log.</exception>
    /// <exception cref="StoreMismatchException">A newer version made the directory.</exception>
    internal static DataManifest? ReadManifest(string path)
    {
        var manifest = DataManifest.Read(path);
        if (manifest is null)
        {
            foreach (var file in (string[])[SqlitePartitionLog.FileName, SqliteGrainStorage.FileName])
            {
                if (File.Exists(System.IO.Path.Combine(path, file)))
                {
                    throw new StoreDamagedException(System.IO.Path.Combine(path, DataManifest.FileName), $"a manifest beside {file}", "none", RepairAdvice.Restore);
                }
            }
        }
        else if (manifest.Format > DataManifest.FormatNewest)
        {
            throw new StoreMismatchException(
                $"The data directory {path} has format {manifest.Format}, and this version reads up to {DataManifest.FormatNewest}. Start the version that made it, or a newer one.");
        }

        return manifest;
    }

    private static DataManifest Create(string path, int partitionCount, TimeProvider time)
    {
        var manifest = new DataManifest(DataManifest.FormatNewest, partitionCount, time.GetUtcNow());
        try
        {
            manifest.Write(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data directory {path} cannot be written: {exception.Message}", exception);
        }

        return manifest;
    }

    private static string Holder(string path)
    {
        try
        {
            return $" (number {File.ReadAllText(System.IO.Path.Combine(path, HolderFileName))})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
