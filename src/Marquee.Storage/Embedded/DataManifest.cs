using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Marquee.Storage.Events;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Embedded;

/// <summary>What a data directory says about itself, in <c>manifest.json</c>. Written once, at the first start.</summary>
/// <param name="Format">The version of the directory's layout.</param>
/// <param name="Partitions">How many log partitions the users are spread over.</param>
/// <param name="Created">When the directory was made.</param>
public sealed record DataManifest(int Format, int Partitions, DateTimeOffset Created)
{
    /// <summary>The layout that this version writes, and the newest that it reads.</summary>
    public const int FormatNewest = 1;

    /// <summary>The name of the file in the data directory.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string Checksum => $"{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{Format} {Partitions} {Created:O}")):x16}";

    /// <summary>Reads a directory's manifest; null when it has none.</summary>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    public static DataManifest? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        return FromBytes(File.ReadAllBytes(path), path, RepairAdvice.Restore);
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    /// <param name="place">Where they come from.</param>
    /// <param name="nextStep">What the operator can do when they are not what was written.</param>
    /// <exception cref="StoreDamagedException">They are not what was written.</exception>
    internal static DataManifest FromBytes(ReadOnlySpan<byte> bytes, string place, string nextStep)
    {
        Content? content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(bytes, Json);
        }
        catch (JsonException exception)
        {
            throw new StoreDamagedException(place, "a manifest", exception.Message, nextStep);
        }

        if (content is null)
        {
            throw new StoreDamagedException(place, "a manifest", "null", nextStep);
        }

        var manifest = new DataManifest(content.Format, content.Partitions, content.Created);
        return string.Equals(manifest.Checksum, content.Checksum, StringComparison.Ordinal)
            ? manifest
            : throw new StoreDamagedException(place, $"checksum {content.Checksum}", manifest.Checksum, nextStep);
    }

    /// <summary>The manifest as JSON, with a checksum.</summary>
    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Content(Format, Partitions, Created, Checksum), Json);

    /// <summary>Writes the manifest: all of it or none.</summary>
    public void Write(string directory)
    {
        var path = Path.Combine(directory, FileName);
        using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            file.Write(ToBytes());
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed record Content(int Format, int Partitions, DateTimeOffset Created, string? Checksum);
}
