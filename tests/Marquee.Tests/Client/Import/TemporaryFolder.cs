using System.IO.Compression;

namespace Marquee.Tests.Client.Import;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("marquee-").FullName;

    /// <summary>Writes a file, packed when its name ends in .gz, and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        using var file = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
        using var writer = new StreamWriter(stream);
        writer.Write(content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
