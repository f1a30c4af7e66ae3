using System.IO.Compression;
using System.Text;

namespace Marquee.Training.Data;

/// <summary>A comma- or tab-separated text file with one header line; RFC 4180 quotes within one line; gzipped when the name says so.</summary>
internal static class DelimitedFile
{
    /// <summary>Every line after the header, as fields. Streams: one line is held at a time.</summary>
    public static IEnumerable<string[]> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(content);
        var separator = path.Contains(".tsv", StringComparison.Ordinal) ? '\t' : ',';
        var columns = reader.ReadLine()?.Split(separator).Length ?? 0;
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                continue;
            }

            var fields = separator == '\t' || !text.Contains('"') ? text.Split(separator) : SplitQuoted(text);
            yield return fields.Length == columns
                ? fields
                : throw new FormatException($"{path}, line {line}: {columns} fields expected, {fields.Length} found.");
        }
    }

    private static string[] SplitQuoted(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                if (quoted && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (text[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(text[i]);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
