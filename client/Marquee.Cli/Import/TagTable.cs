namespace Marquee.Cli.Import;

/// <summary>The tags that viewers gave to titles (tags.csv), as tags of the titles.</summary>
internal sealed class TagTable
{
    private const int TagsPerTitleMax = 20;
    private const int TagLengthMax = 64;

    private readonly Dictionary<string, Dictionary<string, int>> _tags = [];

    /// <summary>Reads the folder's tags file; an empty table when there is none.</summary>
    public static TagTable Load(string folder, LineFaults faults, CancellationToken cancellationToken)
    {
        var table = new TagTable();
        using var file = DelimitedFile.TryOpen(folder, "tags");
        if (file is null)
        {
            return table;
        }

        var (title, tag) = (file.Column("movieId", "imdb_id"), file.Column("tag"));
        while (file.Read(faults))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = file.Field(tag).ToString().ToLowerInvariant();
            if (text.Length is > 0 and <= TagLengthMax)
            {
                table.Count(file.Field(title).ToString(), text);
            }
        }

        return table;
    }

    /// <summary>A title's tags, the most given first; null when nobody gave any.</summary>
    public IReadOnlyList<string>? Of(string titleId) => _tags.TryGetValue(titleId, out var counts)
        ? [.. counts.OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal).Take(TagsPerTitleMax).Select(tag => tag.Key)]
        : null;

    private void Count(string titleId, string tag)
    {
        if (!_tags.TryGetValue(titleId, out var counts))
        {
            _tags[titleId] = counts = [];
        }

        counts[tag] = counts.GetValueOrDefault(tag) + 1;
    }
}
