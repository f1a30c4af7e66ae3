using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>All features of single titles for the viewer that a scratch holds.</summary>
/// <remarks>
/// Two opinions of each title are mixed by how much is known of it. With s = κ / (κ + events of the title), the newcomer
/// feature is s times the newcomer model's score, and the features that say how much a title's metadata is the viewer's are
/// scaled by 1 − s. A title without events has the newcomer score alone.
/// </remarks>
internal static class CandidateFeatures
{
    /// <summary>The features of the title in a row, computed once per ranking; valid until the next title is described.</summary>
    /// <param name="row">The row; not a free one.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it.</param>
    /// <returns>float32[<see cref="TasteFeatures.AllNames"/>].</returns>
    public static ReadOnlySpan<float> Of(int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (scratch.SlotOf[row] is > 0 and var known)
        {
            return scratch.Description(known - 1);
        }

        var features = scratch.Description(scratch.AddDescription(row));
        var block = catalogue.Blocks[row / CatalogueBlock.Rows];
        var slot = row % CatalogueBlock.Rows;
        var columns = block.Columns.AsSpan(slot);
        for (var feature = 0; feature < TitleFeatures.Count; feature++)
        {
            features[feature] = columns[feature * CatalogueBlock.Rows];
        }

        var tastes = features[TitleFeatures.Count..];
        Neighbours(row, scratch, tastes[..(TasteFeatures.LastOfNeighbours + 1)]);

        var weights = scratch.NewcomerWeights;
        var share = columns[CatalogueBlock.NewcomerShare * CatalogueBlock.Rows];
        var (year, genre, detail) = Content(row, catalogue, scratch);
        var (lasting, recent) = EmbeddingScan.Products(block.Embeddings, slot, scratch.Lasting, scratch.Recent);
        var promise = columns[CatalogueBlock.Promise * CatalogueBlock.Rows];
        var newcomer = scratch.Ages[catalogue.Content.Years[row]] + (weights[NewcomerModel.Promise] * promise)
            + (weights[NewcomerModel.Year] * year) + (weights[NewcomerModel.Genre] * genre) + (weights[NewcomerModel.Detail] * detail)
            + (weights[NewcomerModel.Embedding] * lasting) + (weights[NewcomerModel.EmbeddingRecent] * recent);
        tastes[TasteFeatures.Year] = (1 - share) * year;
        tastes[TasteFeatures.Genre] = (1 - share) * genre;
        tastes[TasteFeatures.Detail] = (1 - share) * detail;
        tastes[TasteFeatures.Embedding] = (1 - share) * lasting;
        tastes[TasteFeatures.EmbeddingRecent] = (1 - share) * recent;
        tastes[TasteFeatures.Newcomer] = share * newcomer;
        tastes[TasteFeatures.Sequence] = (1 - share) * scratch.Sequence[row];
        return features;
    }

    /// <summary>How much the metadata of the title in a row is the viewer's, before anything is mixed.</summary>
    public static (float Year, float Genre, float Detail) Content(int row, CatalogueSnapshot catalogue, Scratch scratch) =>
        (scratch.YearProfile[catalogue.Content.Years[row]], scratch.Combinations[catalogue.Content.Combinations[row]], scratch.Details[row]);

    private static void Neighbours(int row, Scratch scratch, Span<float> features)
    {
        if (scratch.PlaceOf[row] - 1 is not (>= 0 and var place))
        {
            features.Clear();
            return;
        }

        for (var feature = 0; feature < features.Length; feature++)
        {
            features[feature] = scratch.Neighbours[feature][place];
        }
    }
}
