using System.Text.Json;

namespace Marquee.Cli.Clusters;

/// <summary>The folder that holds all of a development cluster: its state in one JSON file, the logs, the store.</summary>
/// <param name="path">The folder; need not be there.</param>
internal sealed class ClusterFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The state's file.</summary>
    public string StateFile => System.IO.Path.Combine(Path, "cluster.json");

    /// <summary>Where a process of this name logs.</summary>
    public string Log(string name) => System.IO.Path.Combine(Path, $"{name}.log");

    /// <summary>The cluster as it was written last; null when there is none.</summary>
    /// <exception cref="CommandFailure">The file cannot be understood.</exception>
    public ClusterState? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(StateFile), CliJson.Default.ClusterState);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new CommandFailure($"{StateFile} is not the state of a cluster: {exception.Message}", "End the cluster's processes yourself, and delete the folder.");
        }
    }

    /// <summary>The cluster, which has to run.</summary>
    public ClusterState ReadRunning() => Read() is { IsRunning: true } state
        ? state
        : throw new CommandFailure($"No cluster runs in {Path}.", "Start one with 'marquee cluster start', or name another folder with --folder.");

    /// <summary>Writes the cluster down; whoever reads sees the old or the new state.</summary>
    public void Write(ClusterState state)
    {
        var next = StateFile + ".next";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, state, CliJson.Default.ClusterState);
        }

        File.Move(next, StateFile, overwrite: true);
    }

    /// <summary>Makes the folder if it is not there, and keeps other commands from changing the cluster until it is disposed of.</summary>
    /// <exception cref="CommandFailure">Another command does so now.</exception>
    public IDisposable Make()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure("'marquee cluster' needs Linux: it keeps track of processes by /proc.");
        }

        Directory.CreateDirectory(Path);
        return Lock();
    }

    /// <summary>Keeps other commands from changing the cluster until it is disposed of.</summary>
    /// <exception cref="CommandFailure">There is no such folder, or another command does so now.</exception>
    public IDisposable Lock()
    {
        if (!Directory.Exists(Path))
        {
            throw new CommandFailure($"There is no cluster in {Path}.", "Start one with 'marquee cluster start', or name another folder with --folder.");
        }

        try
        {
            return new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandFailure($"Another command changes the cluster in {Path} at the moment.", "Wait until it is done.");
        }
    }

    /// <summary>Removes the folder with everything in it.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);
}
