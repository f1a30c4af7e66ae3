using Marquee.Contracts.Catalogue;

namespace Marquee.Storage.Snapshots;

/// <summary>One stored share of the catalogue's rows.</summary>
[GenerateSerializer, Alias("marquee.catalogue-bucket")]
public sealed class CatalogueBucket
{
    /// <summary>The type of the grain that stores them.</summary>
    public const string GrainTypeName = "catalogue-feed";

    /// <summary>The names of all buckets; a title's row is in one of them.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Enumerable.Range(0, 64).Select(bucket => $"catalogue-bucket-{bucket}")];

    /// <summary>The rows, metadata and live.</summary>
    [Id(0)] public CatalogueRowMessage[] Rows { get; set; } = [];

    /// <summary>The grain whose states the buckets are.</summary>
    /// <param name="tenant">The catalogue's tenant.</param>
    public static GrainId GrainOf(string tenant) => GrainId.Create(GrainTypeName, tenant);
}
