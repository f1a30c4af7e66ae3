using Marquee.Contracts.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>One durable change of the catalogue's metadata, as its log keeps it.</summary>
[GenerateSerializer, Immutable, Alias("marquee.catalogue-change")]
internal sealed record CatalogueChange
{
    /// <summary>The title to add or replace; null when one is deleted.</summary>
    [Id(0)] public TitleMessage? Upserted { get; init; }

    /// <summary>The id of the title to delete; null when one is added.</summary>
    [Id(1)] public string? DeletedId { get; init; }
}

/// <summary>What the stored buckets cover together; written after them.</summary>
[GenerateSerializer, Alias("marquee.catalogue-manifest")]
internal sealed class CatalogueManifest
{
    /// <summary>Changes of metadata before this offset of the catalogue's log are in the buckets.</summary>
    [Id(0)] public long LogOffset { get; set; }

    /// <summary>Title changes before these offsets of the event partitions are in the buckets.</summary>
    [Id(1)] public Dictionary<int, long> Covered { get; set; } = [];

    /// <summary>Changes of neighbours before these offsets of the event partitions are in the buckets.</summary>
    [Id(2)] public Dictionary<int, long> NeighboursCovered { get; set; } = [];
}
