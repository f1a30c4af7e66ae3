using System.Collections.Immutable;
using Marquee.Contracts.Titles;
using Orleans.Concurrency;

namespace Marquee.Contracts.Catalogue;

/// <summary>The catalogue of one tenant: durable metadata, live rows, and a version for each change. Key: the tenant.</summary>
[Alias("marquee.ICatalogueFeedGrain")]
public interface ICatalogueFeedGrain : IGrainWithStringKey
{
    /// <summary>Durably adds or replaces titles and answers with the version that holds them.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Upsert")]
    Task<CatalogueWriteResult> Upsert(ImmutableArray<TitleMessage> titles);

    /// <summary>Durably removes a title; its counters stay with the title's grain.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Delete")]
    Task<CatalogueWriteResult> Delete(string titleId);

    /// <summary>Takes over changed live rows.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Publish")]
    Task Publish(ImmutableArray<TitleRowMessage> rows);

    /// <summary>The rows that changed after a version, oldest change first; waits up to <paramref name="wait"/> when there are none.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), Alias("ReadDelta")]
    Task<CatalogueDelta> ReadDelta(long sinceVersion, TimeSpan wait);

    /// <summary>The same as <see cref="Publish"/>, in a form that costs the call less. Silos of builds before this one do not know it.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("PublishPacked")]
    Task PublishPacked(PackedTitleRows rows);

    /// <summary>The same as <see cref="ReadDelta"/>, in a form that costs many readers less. Silos of builds before this one do not know it.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), Alias("ReadPackedRows")]
    Task<PackedCatalogueDelta> ReadPackedDelta(long sinceVersion, TimeSpan wait);

    /// <summary>The version of the newest change.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetVersion")]
    Task<long> GetVersion();

    /// <summary>A partition says that all title changes before an offset have reached an activation of this feed.</summary>
    /// <returns>False when it is another activation by now, which does not know of them: ask what it covers, and tell it the rest.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("NoteCovered")]
    Task<bool> NoteCovered(int partition, long offset, long incarnation);

    /// <summary>Up to where this feed's rows durably cover a partition.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetCovered")]
    Task<FeedCoverage> GetCovered(int partition);
}

/// <summary>What a feed durably covers of a partition.</summary>
/// <param name="Offset">Title changes before it are in the stored rows.</param>
/// <param name="Incarnation">Names the activation of the feed that says so.</param>
[GenerateSerializer, Immutable, Alias("marquee.feed-coverage")]
public sealed record FeedCoverage([property: Id(0)] long Offset, [property: Id(1)] long Incarnation);

/// <summary>How a change of the catalogue ended.</summary>
[GenerateSerializer, Alias("marquee.catalogue-write-outcome")]
public enum CatalogueWriteOutcome : byte
{
    /// <summary>Durable and visible from the version on.</summary>
    Written = 0,

    /// <summary>There is no such title.</summary>
    NotFound = 1,

    /// <summary>Too many writes wait; try again after a moment.</summary>
    Busy = 2,

    /// <summary>The store cannot be written now; nothing was written.</summary>
    Unavailable = 3,

    /// <summary>Nobody knows whether it was written; writing it again is harmless.</summary>
    Unknown = 4,
}

/// <summary>What became of a change of the catalogue.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Created">Titles that were not there before.</param>
/// <param name="Replaced">Titles that were there, stubs not counted.</param>
/// <param name="Version">The catalogue version that holds the change.</param>
/// <param name="Reason">Why not, when it was not written.</param>
[GenerateSerializer, Immutable, Alias("marquee.catalogue-write-result")]
public sealed record CatalogueWriteResult(
    [property: Id(0)] CatalogueWriteOutcome Outcome,
    [property: Id(1)] int Created,
    [property: Id(2)] int Replaced,
    [property: Id(3)] long Version,
    [property: Id(4)] string? Reason);

/// <summary>The parts of a row, which change apart from each other.</summary>
[Flags, GenerateSerializer, Alias("marquee.catalogue-parts")]
public enum CatalogueParts : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What the service said, or that the title was deleted.</summary>
    Metadata = 1,

    /// <summary>The engagement.</summary>
    Live = 2,

    /// <summary>The neighbours.</summary>
    Neighbours = 4,

    /// <summary>The whole row.</summary>
    All = Metadata | Live | Neighbours,
}

/// <summary>A changed row of the catalogue.</summary>
[GenerateSerializer, Immutable, Alias("marquee.catalogue-row")]
public sealed record CatalogueRowMessage
{
    /// <summary>The title.</summary>
    [Id(0)] public required string TitleId { get; init; }

    /// <summary>The version of the newest change.</summary>
    [Id(1)] public required long Version { get; init; }

    /// <summary>What is told here; the other parts are as they were.</summary>
    [Id(2)] public required CatalogueParts Parts { get; init; }

    /// <summary>The metadata; null for a stub (events came, metadata did not) and for a removed title.</summary>
    [Id(3)] public TitleMessage? Metadata { get; init; }

    /// <summary>The title was deleted.</summary>
    [Id(4)] public bool Removed { get; init; }

    /// <summary>The engagement; null when no event came yet.</summary>
    [Id(5)] public TitleRowMessage? Live { get; init; }

    /// <summary>The neighbours; null when there are none.</summary>
    [Id(6)] public TitleNeighboursMessage? Neighbours { get; init; }
}

/// <summary>The changes since a version.</summary>
/// <param name="Version">The version after them; below the feed's newest when there is <paramref name="More"/>.</param>
/// <param name="Rows">Oldest change first; at most one per title.</param>
/// <param name="More">Ask again at once.</param>
/// <param name="Incarnation">Names this activation of the feed; when it changes, versions start anew and the reader reads from 0.</param>
[GenerateSerializer, Immutable, Alias("marquee.catalogue-delta")]
public sealed record CatalogueDelta(
    [property: Id(0)] long Version,
    [property: Id(1)] ImmutableArray<CatalogueRowMessage> Rows,
    [property: Id(2)] bool More,
    [property: Id(3)] long Incarnation);
