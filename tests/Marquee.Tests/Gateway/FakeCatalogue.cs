using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;

namespace Marquee.Tests.Gateway;

/// <summary>A catalogue in memory: feed and replica in one, so that every change is visible at once.</summary>
internal sealed class FakeCatalogue : ICatalogueFeedGrain, ICatalogueReaderGrain
{
    public const long Incarnation = 7;

    public SortedDictionary<string, TitleMessage?> Titles { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes writes answer something else; throwing makes them fail.</summary>
    public Func<CatalogueWriteResult>? WriteFailure { get; set; }

    /// <summary>Writes wait for it.</summary>
    public Task WriteDelay { get; set; } = Task.CompletedTask;

    /// <summary>Makes reads fail.</summary>
    public Func<Exception>? ReadFailure { get; set; }

    public List<long> WaitedFor { get; } = [];

    public Func<long, bool> Reached { get; set; } = _ => true;

    public List<ImmutableArray<TitleRowMessage>> Published { get; } = [];

    /// <summary>Up to where partitions said that they have told everything.</summary>
    public List<long> Covered { get; } = [];

    /// <summary>Makes it answer like one that lost what it was told.</summary>
    public bool HasBegunAnew { get; set; }

    public long Version { get; private set; }

    public async Task<CatalogueWriteResult> Upsert(ImmutableArray<TitleMessage> titles)
    {
        await WriteDelay;
        if (WriteFailure is { } fail)
        {
            return fail();
        }

        var created = titles.Count(title => Titles.GetValueOrDefault(title.TitleId) is null);
        foreach (var title in titles)
        {
            Titles[title.TitleId] = title;
        }

        return new CatalogueWriteResult(CatalogueWriteOutcome.Written, created, titles.Length - created, ++Version, null);
    }

    public Task<CatalogueWriteResult> Delete(string titleId) => Task.FromResult(
        WriteFailure?.Invoke()
        ?? (Titles.Remove(titleId)
            ? new CatalogueWriteResult(CatalogueWriteOutcome.Written, 0, 0, ++Version, null)
            : new CatalogueWriteResult(CatalogueWriteOutcome.NotFound, 0, 0, Version, null)));

    public Task<CatalogueEntry?> GetTitle(string titleId) =>
        Read(() => Titles.TryGetValue(titleId, out var title) ? new CatalogueEntry(titleId, title) : null);

    public Task<TitlePage> ListTitles(string? query, int limit, string? cursor) => Read(() => new TitlePage(
        [.. Titles.Values.OfType<TitleMessage>().Where(title => query is null || title.Name.Contains(query, StringComparison.OrdinalIgnoreCase)).Take(limit)],
        null));

    public Task<ImmutableArray<SlateItem>> GetTrending(string? country, int count, bool metadata) => Read<ImmutableArray<SlateItem>>(() =>
    [
        .. Titles.Values.OfType<TitleMessage>().Take(count).Select((title, i) => new SlateItem
        {
            TitleId = title.TitleId,
            Rank = i + 1,
            Score = 1.0 / (i + 1),
            Reason = "Popular",
            Title = metadata ? title : null,
        }),
    ]);

    public Task<SimilarTitles?> GetSimilar(string titleId, int count, string? country, bool metadata) =>
        Read(() => Titles.ContainsKey(titleId) ? new SimilarTitles([]) : null);

    public Task<bool> WaitForVersion(long version, TimeSpan wait)
    {
        WaitedFor.Add(version);
        return Task.FromResult(Reached(version));
    }

    public Task Publish(ImmutableArray<TitleRowMessage> rows)
    {
        Published.Add(rows);
        return Task.CompletedTask;
    }

    public Task PublishPacked(PackedTitleRows rows) => Publish(rows.Rows);

    public Task<CatalogueDelta> ReadDelta(long sinceVersion, TimeSpan wait) => throw new NotSupportedException();

    public Task<PackedCatalogueDelta> ReadPackedDelta(long sinceVersion, TimeSpan wait) => throw new NotSupportedException();

    public Task<long> GetVersion() => throw new NotSupportedException();

    public Task<bool> NoteCovered(int partition, long offset, long incarnation)
    {
        Covered.Add(offset);
        return Task.FromResult(incarnation == Incarnation && !HasBegunAnew);
    }

    public Task<FeedCoverage> GetCovered(int partition) => Task.FromResult(new FeedCoverage(0, Incarnation));

    private Task<T> Read<T>(Func<T> read) => ReadFailure is { } fail ? Task.FromException<T>(fail()) : Task.FromResult(read());
}
