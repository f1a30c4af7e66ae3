using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>A changed title on its way into a snapshot: all that is known of it.</summary>
/// <param name="TitleId">The title.</param>
/// <param name="Metadata">What the service said; null for a stub, a title that only events know. Stubs are never recommended.</param>
/// <param name="Statistics">What its engagement says.</param>
/// <param name="Neighbours">Its strongest neighbours.</param>
public sealed record CatalogueRow(string TitleId, TitleMetadata? Metadata, TitleSummary Statistics, TitleNeighbours Neighbours);
