namespace Marquee.Engine.Catalogue;

/// <summary>The metadata of all rows in the shape in which a viewer's profile is compared with it. Immutable.</summary>
/// <remarks>
/// Genres: thousands of titles share a few hundred combinations, so a profile is compared with each combination once.
/// Details: almost every title has its own, but a profile knows few, so each detail lists its rows.
/// </remarks>
internal sealed class ContentColumns
{
    private readonly int[] _combinationEnds;
    private readonly int[] _combinationGenres;
    private readonly float[] _combinationScales;
    private readonly int[] _detailEnds;
    private readonly int[] _detailRows;

    private ContentColumns(
        byte[] years, int[] series, int[] combinations, int[] combinationEnds, int[] combinationGenres, float[] detailScales, int[] detailEnds, int[] detailRows)
    {
        (Years, Series, Combinations, DetailScales) = (years, series, combinations, detailScales);
        (_combinationEnds, _combinationGenres, _detailEnds, _detailRows) = (combinationEnds, combinationGenres, detailEnds, detailRows);
        _combinationScales = new float[combinationEnds.Length];
        for (var i = 0; i < combinationEnds.Length; i++)
        {
            _combinationScales[i] = 1 / MathF.Sqrt(Math.Max(1, combinationEnds[i] - (i == 0 ? 0 : combinationEnds[i - 1])));
        }
    }

    /// <summary>uint8[rows]: one more than the year slot; 0 when unknown.</summary>
    public byte[] Years { get; }

    /// <summary>int32[rows]: which series, from 1; 0 for none.</summary>
    public int[] Series { get; }

    /// <summary>int32[rows]: which combination of genres.</summary>
    public int[] Combinations { get; }

    /// <summary>float32[rows]: 1 / √(number of details).</summary>
    public float[] DetailScales { get; }

    /// <summary>How many combinations of genres there are.</summary>
    public int CombinationCount => _combinationEnds.Length;

    /// <summary>The overlap of a profile with each combination of genres: Σ profile / √(number of genres).</summary>
    /// <param name="profile">float32[buckets].</param>
    /// <param name="overlaps">float32[<see cref="CombinationCount"/>], overwritten.</param>
    public void Overlaps(ReadOnlySpan<float> profile, Span<float> overlaps)
    {
        var (ends, genres, scales) = (_combinationEnds, _combinationGenres, _combinationScales);
        var at = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            float sum = 0;
            for (; at < ends[i]; at++)
            {
                sum += profile[genres[at]];
            }

            overlaps[i] = sum * scales[i];
        }
    }

    /// <summary>The rows that have a detail, ascending.</summary>
    public ReadOnlySpan<int> RowsOf(int bucket)
    {
        var begin = bucket == 0 ? 0 : _detailEnds[bucket - 1];
        return _detailRows.AsSpan(begin, _detailEnds[bucket] - begin);
    }

    /// <summary>Gathers all rows. O(features).</summary>
    public static ContentColumns Of(ReadOnlySpan<CatalogueBlock> blocks)
    {
        var rows = blocks.Length * CatalogueBlock.Rows;
        var (years, series, combinations, scales) = (new byte[rows], new int[rows], new int[rows], new float[rows]);
        var numbers = new Dictionary<GenreSet, int>();
        var seriesNumbers = new Dictionary<string, int>();
        List<int> ends = [], genres = [];
        var detailEnds = new int[ContentFeatures.Buckets];
        for (var row = 0; row < rows; row++)
        {
            var entry = blocks[row / CatalogueBlock.Rows].Entries[row % CatalogueBlock.Rows];
            var set = new GenreSet(entry?.Genres ?? []);
            if (!numbers.TryGetValue(set, out combinations[row]))
            {
                numbers.Add(set, combinations[row] = ends.Count);
                genres.AddRange(set.Genres);
                ends.Add(genres.Count);
            }

            if (entry?.Metadata?.SeriesId is { } seriesId && !seriesNumbers.TryGetValue(seriesId, out series[row]))
            {
                seriesNumbers.Add(seriesId, series[row] = seriesNumbers.Count + 1);
            }

            years[row] = (byte)((entry?.YearSlot ?? -1) + 1);
            scales[row] = 1 / MathF.Sqrt(Math.Max(1, entry?.Details.Length ?? 0));
            foreach (var bucket in entry?.Details ?? [])
            {
                detailEnds[bucket]++;
            }
        }

        return new ContentColumns(years, series, combinations, [.. ends], [.. genres], scales, detailEnds, ListRows(blocks, detailEnds));
    }

    /// <summary>A counting sort: turns counts into ends and lists the rows bucket after bucket.</summary>
    private static int[] ListRows(ReadOnlySpan<CatalogueBlock> blocks, int[] ends)
    {
        var next = new int[ends.Length];
        var total = 0;
        for (var bucket = 0; bucket < ends.Length; bucket++)
        {
            next[bucket] = total;
            ends[bucket] = total += ends[bucket];
        }

        var listed = new int[total];
        for (var row = 0; row < blocks.Length * CatalogueBlock.Rows; row++)
        {
            foreach (var bucket in blocks[row / CatalogueBlock.Rows].Entries[row % CatalogueBlock.Rows]?.Details ?? [])
            {
                listed[next[bucket]++] = row;
            }
        }

        return listed;
    }

    private readonly struct GenreSet(int[] genres) : IEquatable<GenreSet>
    {
        public int[] Genres => genres;

        public bool Equals(GenreSet other) => genres.AsSpan().SequenceEqual(other.Genres);

        public override bool Equals(object? obj) => obj is GenreSet other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var genre in genres)
            {
                hash.Add(genre);
            }

            return hash.ToHashCode();
        }
    }
}
