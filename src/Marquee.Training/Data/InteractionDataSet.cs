using Marquee.Engine.Catalogue;

namespace Marquee.Training.Data;

/// <summary>A catalogue and its engagement in time order, held in memory.</summary>
/// <param name="Name">Printed in result tables.</param>
/// <param name="Titles">The whole catalogue, also titles without any engagement.</param>
/// <param name="UserIds">Every user, in order of first appearance.</param>
/// <param name="Interactions">Ordered by time; equal times keep the order of the file.</param>
public sealed record InteractionDataSet(
    string Name,
    IReadOnlyList<TitleMetadata> Titles,
    IReadOnlyList<string> UserIds,
    Interaction[] Interactions);
