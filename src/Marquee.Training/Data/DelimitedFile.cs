using System.IO.Compression;

namespace Marquee.Training.Data;

/// <summary>A comma- or tab-separated text file with one header line; gzipped when the name says so.</summary>
internal static class DelimitedFile
{
    /// <summary>Every line after the header, as fields, and its number. Streams: one line is held at a time.</summary>
    /// <exception cref="FormatException">A line does not fit the header; the message names file and line.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(content);
        var separator = path.Contains(".tsv", StringComparison.Ordinal) ? '\t' : ',';
        var fields = new List<ReadOnlyMemory<char>>();
        var columns = 0;
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                continue;
            }

            if (DelimitedLine.Split(text, separator, fields) is { } fault)
            {
                throw Fault(path, line, fault);
            }

            if (line == 1)
            {
                columns = fields.Count;
                continue;
            }

            yield return fields.Count == columns
                ? (line, [.. fields.Select(static field => field.ToString())])
                : throw Fault(path, line, $"{columns} fields expected, {fields.Count} found");
        }
    }

    /// <summary>Says what is wrong, and where.</summary>
    public static FormatException Fault(string path, int line, string fault) => new($"{path}, line {line}: {fault}.");
}
