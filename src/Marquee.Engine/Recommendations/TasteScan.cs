using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Gathers what ranking knows of a viewer, in the shape in which titles are compared with it.</summary>
internal static class TasteScan
{
    /// <summary>Fills the scratch with all that is of the viewer and not yet of a title; forgets the last ranking.</summary>
    /// <param name="taste">The viewer; titles numbered as in <paramref name="catalogue"/>.</param>
    /// <param name="catalogue">One version of the catalogue.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="scratch">Working memory.</param>
    public static void Run(UserTaste taste, CatalogueSnapshot catalogue, long now, Scratch scratch)
    {
        scratch.Reset(catalogue.Blocks.Length);
        PastTitles.Gather(taste, catalogue, scratch);
        NeighbourScan.Run(catalogue, scratch);
        ContentProfile.Compute(taste, catalogue, scratch);
        Fold(taste, catalogue, scratch);
        SequenceScan.Run(taste, catalogue, now, scratch);
        TasteContext.Compute(taste, catalogue, now, scratch.Context);
        Weigh(catalogue.Model, now, scratch);
    }

    private static void Fold(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var size = catalogue.Blocks.IsEmpty ? 0 : 2 * catalogue.Blocks[0].Embeddings.RowWords;
        if (scratch.Lasting.Length != size)
        {
            (scratch.Lasting, scratch.Recent) = (new float[size], new float[size]);
        }

        if (catalogue.Model.Embeddings is { } model && taste.Recent.Length > 0)
        {
            var folded = taste.Fold(model, (m, t) => FoldedTaste.Of(m, t, catalogue.Titles));
            folded.Lasting.CopyTo(scratch.Lasting, 0);
            folded.Recent.CopyTo(scratch.Recent, 0);
        }
        else
        {
            Array.Clear(scratch.Lasting);
            Array.Clear(scratch.Recent);
        }
    }

    private static void Weigh(PublishedModel model, long now, Scratch scratch)
    {
        model.Ranker.Weigh(scratch.Context, scratch.CandidateWeights, scratch.RankingWeights);
        model.Newcomers.Weigh(scratch.Context, scratch.NewcomerWeights);
        NewcomerModel.Direct(scratch.NewcomerWeights, scratch.Lasting, scratch.Recent);
        NewcomerModel.AgesByYear(scratch.NewcomerWeights, now, scratch.Ages);
    }
}
