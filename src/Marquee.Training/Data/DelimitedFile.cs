using System.IO.Compression;

namespace Marquee.Training.Data;

/// <summary>A comma- or tab-separated text file with one header line; gzipped when the name says so.</summary>
internal static class DelimitedFile
{
    /// <summary>Every line after the header that fits it, as fields, and its number. Streams: one line is held at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="badLine">Gets file name, line number and what is wrong with a line that does not fit the header.</param>
    public static IEnumerable<(int Line, string[] Fields)> Read(string path, Action<string, int, string> badLine)
    {
        var name = Path.GetFileName(path);
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
                badLine(name, line, fault);
                continue;
            }

            if (line == 1)
            {
                columns = fields.Count;
                continue;
            }

            if (fields.Count == columns)
            {
                yield return (line, [.. fields.Select(static field => field.ToString())]);
            }
            else
            {
                badLine(name, line, $"{columns} fields expected, {fields.Count} found");
            }
        }
    }
}
