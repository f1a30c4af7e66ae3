using System.IO.Compression;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Client;

/// <summary>The first part of the repository's sample as a data set of its own.</summary>
internal sealed class SampleFolder : IDisposable
{
    public SampleFolder(int titles, int ratings)
    {
        Copy("movies.tsv", titles);
        Copy("ratings.tsv", ratings);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("marquee-sample-").FullName;

    /// <summary>How many events there are of each viewer.</summary>
    public IReadOnlyDictionary<string, int> EventsByUser => File.ReadLines(System.IO.Path.Combine(Path, "ratings.tsv"))
        .Skip(1)
        .CountBy(line => line.Split('\t')[0])
        .ToDictionary();

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Copy(string name, int lines)
    {
        using var packed = File.OpenRead(System.IO.Path.Combine(Repository.Root, "sample", "movietweetings-2013", name + ".gz"));
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        using var writer = new StreamWriter(System.IO.Path.Combine(Path, name));
        for (var line = 0; line <= lines; line++)
        {
            writer.WriteLine(reader.ReadLine());
        }
    }
}
