using System.IO.Compression;

namespace Marquee.Tests.Fixtures;

/// <summary>Bytes that an earlier program wrote; a program that cannot read them cannot open the data of whoever updates to it.</summary>
/// <remarks>Never written anew: a new format gets a new file beside the old one, and both stay readable.</remarks>
internal static class StoredFiles
{
    /// <summary>1 March 2026, noon, in milliseconds since the Unix epoch.</summary>
    public const long Noon = 1_772_366_400_000;

    /// <summary>Lays the files of an archive of this folder into a directory.</summary>
    public static async Task UnpackAsync(string name, string directory)
    {
        using var archive = new MemoryStream(Read(name));
        await ZipFile.ExtractToDirectoryAsync(archive, directory);
    }

    /// <summary>The bytes of a file of this folder.</summary>
    public static byte[] Read(string name)
    {
        using var file = typeof(StoredFiles).Assembly.GetManifestResourceStream("Stored." + name)
            ?? throw new InvalidOperationException($"There is no {name} among the stored files.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
