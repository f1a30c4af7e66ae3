namespace Marquee.Training.Data;

/// <summary>Splits one line of a delimited file into fields.</summary>
/// <remarks>
/// Comma-separated lines follow RFC 4180, except that a quoted field ends at the line's end at the latest: otherwise one
/// stray quote would swallow the rest of the file. Tab-separated lines have no quoting at all: a quote there is a quote.
/// </remarks>
public static class DelimitedLine
{
    /// <summary>Splits a line.</summary>
    /// <param name="line">The line without its ending.</param>
    /// <param name="separator">Comma or tab.</param>
    /// <param name="fields">Cleared, then filled.</param>
    /// <returns>What is wrong with the line, or null.</returns>
    public static string? Split(string line, char separator, List<ReadOnlyMemory<char>> fields)
    {
        fields.Clear();
        var quoting = separator == ',';
        var rest = line.AsMemory();
        while (true)
        {
            if (quoting && rest.Length > 0 && rest.Span[0] == '"')
            {
                if (!TryTakeQuoted(ref rest, out var field))
                {
                    return "a quote is opened and not closed";
                }

                fields.Add(field);
                if (rest.Length == 0)
                {
                    return null;
                }

                if (rest.Span[0] != separator)
                {
                    return "text follows a closing quote";
                }
            }
            else
            {
                var end = rest.Span.IndexOf(separator);
                fields.Add(end < 0 ? rest : rest[..end]);
                if (end < 0)
                {
                    return null;
                }

                rest = rest[end..];
            }

            rest = rest[1..];
        }
    }

    private static bool TryTakeQuoted(ref ReadOnlyMemory<char> rest, out ReadOnlyMemory<char> field)
    {
        var span = rest.Span;
        var doubled = false;
        for (var i = 1; i < span.Length; i++)
        {
            if (span[i] != '"')
            {
                continue;
            }

            if (i + 1 < span.Length && span[i + 1] == '"')
            {
                doubled = true;
                i++;
                continue;
            }

            field = rest[1..i];
            if (doubled)
            {
                field = field.ToString().Replace("\"\"", "\"", StringComparison.Ordinal).AsMemory();
            }

            rest = rest[(i + 1)..];
            return true;
        }

        field = default;
        return false;
    }
}
