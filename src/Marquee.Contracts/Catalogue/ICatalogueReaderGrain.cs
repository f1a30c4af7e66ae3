using System.Collections.Immutable;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;

namespace Marquee.Contracts.Catalogue;

/// <summary>Reads the catalogue replica of the silo it runs on; stateless, one call away from every gateway. Key: the tenant.</summary>
[Alias("marquee.ICatalogueReaderGrain")]
public interface ICatalogueReaderGrain : IGrainWithStringKey
{
    /// <summary>A title, or null when neither metadata nor events of it are known.</summary>
    [ResponseTimeout("00:00:05"), Alias("GetTitle")]
    Task<CatalogueEntry?> GetTitle(string titleId);

    /// <summary>Titles whose name holds the words of <paramref name="query"/> (all titles when null), best match and most popular first.</summary>
    /// <param name="query">At most 200 characters.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cursor">Where the previous page ended, or null.</param>
    [ResponseTimeout("00:00:05"), Alias("ListTitles")]
    Task<TitlePage> ListTitles(string? query, int limit, string? cursor);

    /// <summary>What is most watched now, for everyone or in a country.</summary>
    [ResponseTimeout("00:00:05"), Alias("GetTrending")]
    Task<ImmutableArray<SlateItem>> GetTrending(string? country, int count, bool metadata);

    /// <summary>Titles like a title, best first; null when the title is unknown.</summary>
    [ResponseTimeout("00:00:05"), Alias("GetSimilar")]
    Task<SimilarTitles?> GetSimilar(string titleId, int count, string? country, bool metadata);

    /// <summary>Answers when the replica has reached a version; false when <paramref name="wait"/> passed before.</summary>
    [ResponseTimeout("00:00:10"), Alias("WaitForVersion")]
    Task<bool> WaitForVersion(long version, TimeSpan wait);
}

/// <summary>A title as the catalogue knows it.</summary>
/// <param name="TitleId">The id.</param>
/// <param name="Metadata">Null for a stub: events came before metadata.</param>
[GenerateSerializer, Immutable, Alias("marquee.catalogue-entry")]
public sealed record CatalogueEntry([property: Id(0)] string TitleId, [property: Id(1)] TitleMessage? Metadata);

/// <summary>A page of titles.</summary>
/// <param name="Items">The titles.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
[GenerateSerializer, Immutable, Alias("marquee.title-page")]
public sealed record TitlePage(
    [property: Id(0)] ImmutableArray<TitleMessage> Items,
    [property: Id(1)] string? Next);

/// <summary>Titles like another.</summary>
/// <param name="Items">Best first.</param>
[GenerateSerializer, Immutable, Alias("marquee.similar-titles")]
public sealed record SimilarTitles([property: Id(0)] ImmutableArray<SlateItem> Items);
