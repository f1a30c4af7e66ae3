using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>Mixes two opinions of each title by how much is known of it: that of the newcomer model and that of the features of established titles.</summary>
/// <remarks>
/// With s = κ / (κ + events of the title), the newcomer feature is s times the model's score, and the features that say how
/// much a title's metadata is the viewer's are scaled by 1 − s. A title without events has the newcomer score alone.
/// </remarks>
internal static class NewcomerScan
{
    /// <summary>Fills <see cref="TasteFeatures.Newcomer"/> and scales the content features. Once per ranking, after <see cref="TasteScan"/> and <see cref="TasteContext"/>.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="scratch">Holds the viewer's features and situation.</param>
    public static void Run(CatalogueSnapshot catalogue, long now, Scratch scratch)
    {
        Span<float> weights = stackalloc float[NewcomerModel.Count];
        Span<float> byYear = stackalloc float[TitleEntry.Years + 1];
        catalogue.Model.Newcomers.Weigh(scratch.Context, weights);
        NewcomerModel.AgesByYear(weights, now, byYear);
        var scores = scratch.Column(TasteFeatures.Newcomer);
        Span<float> known = stackalloc float[CatalogueBlock.Rows];
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var block = catalogue.Blocks[i];
            var start = i * CatalogueBlock.Rows;
            var score = scores.Slice(start, CatalogueBlock.Rows);
            var years = catalogue.Content.Years.AsSpan(start, CatalogueBlock.Rows);
            for (var row = 0; row < score.Length; row++)
            {
                score[row] = byYear[years[row]];
            }

            TensorPrimitives.MultiplyAdd(block.Column(CatalogueBlock.Promise), weights[NewcomerModel.Promise], score, score);
            var share = block.Column(CatalogueBlock.NewcomerShare);
            TensorPrimitives.Subtract(1, share, known);
            for (var feature = TasteFeatures.Year; feature <= TasteFeatures.EmbeddingRecent; feature++)
            {
                if (scratch.IsZero[feature])
                {
                    continue;
                }

                var taste = scratch.Taste[feature].AsSpan(start, CatalogueBlock.Rows);
                TensorPrimitives.MultiplyAdd(taste, weights[NewcomerModel.Year + feature - TasteFeatures.Year], score, score);
                TensorPrimitives.Multiply(taste, known, taste);
            }

            TensorPrimitives.Multiply(score, share, score);
        }
    }
}
