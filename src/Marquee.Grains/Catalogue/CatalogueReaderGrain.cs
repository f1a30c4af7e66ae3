using System.Collections.Immutable;
using System.Globalization;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Recommendations;
using Marquee.Grains.Recommendations;
using Orleans.Concurrency;

namespace Marquee.Grains.Catalogue;

/// <summary>Answers from this silo's replica.</summary>
/// <remarks>Reentrant: who waits for a ranking waits in one place, where the queue has its bounds, and keeps nobody waiting who asks for a title.</remarks>
[StatelessWorker, Reentrant, GrainType("catalogue-reader")]
internal sealed class CatalogueReaderGrain(CatalogueReplica replica, SlateRanker ranker) : Grain, ICatalogueReaderGrain
{
    public Task<CatalogueEntry?> GetTitle(string titleId)
    {
        var known = replica.Current.Find(titleId) is not null;
        return Task.FromResult(known ? new CatalogueEntry(titleId, replica.MetadataOf(titleId)) : null);
    }

    public Task<TitlePage> ListTitles(string? query, int limit, string? cursor)
    {
        var words = (query ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var start = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var snapshot = replica.Current;
        var found = replica.Titles
            .Where(title => words.All(word => title.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(title => words.Length > 0 && !title.Name.StartsWith(words[0], StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(title => snapshot.Find(title.TitleId)?.Statistics.EventCount ?? 0)
            .ThenBy(title => title.TitleId, StringComparer.Ordinal)
            .Skip(start)
            .Take(limit + 1)
            .ToImmutableArray();
        return Task.FromResult(found.Length > limit
            ? new TitlePage(found[..limit], (start + limit).ToString(CultureInfo.InvariantCulture))
            : new TitlePage(found, Next: null));
    }

    public Task<ImmutableArray<SlateItem>> GetTrending(string? country, int count, bool metadata) =>
        ranker.Trending(country, count, metadata);

    public async Task<SimilarTitles?> GetSimilar(string titleId, int count, string? country, bool metadata) =>
        replica.Current.Find(titleId) is null ? null : new SimilarTitles(await ranker.Similar(titleId, count, country, metadata));

    public Task<bool> WaitForVersion(long version, TimeSpan wait) => replica.WaitFor(version, wait);
}
