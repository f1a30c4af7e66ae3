namespace Marquee.Tests.Storage;

/// <summary>A directory of its own for one test, deleted at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <param name="inMemory">Whether to use a file system in memory where there is one: for many small directories whose syncs prove nothing.</param>
    public TemporaryDirectory(bool inMemory = false)
    {
        const string Memory = "/dev/shm";
        Path = inMemory && Directory.Exists(Memory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"marquee-storage-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("marquee-storage-").FullName;
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
