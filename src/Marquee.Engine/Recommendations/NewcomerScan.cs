using System.Runtime.Intrinsics;
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
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var start = i * CatalogueBlock.Rows;
            var score = scores.Slice(start, CatalogueBlock.Rows);
            var years = catalogue.Content.Years.AsSpan(start, CatalogueBlock.Rows);
            for (var row = 0; row < score.Length; row++)
            {
                score[row] = byYear[years[row]];
            }

            Mix(catalogue.Blocks[i], weights, start, score, scratch);
        }
    }

    /// <summary>Adds promise and taste to the scores by age of one block, and shares all of it out.</summary>
    internal static void Mix(CatalogueBlock block, ReadOnlySpan<float> weights, int start, Span<float> score, Scratch scratch)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            PlainMix(block, weights, start, score, scratch);
            return;
        }

        var promises = block.Column(CatalogueBlock.Promise);
        var shares = block.Column(CatalogueBlock.NewcomerShare);
        for (var row = 0; row < CatalogueBlock.Rows; row += Vector256<float>.Count)
        {
            var share = Vector256.Create(shares[row..]);
            var known = Vector256<float>.One - share;
            var sum = Vector256.FusedMultiplyAdd(Vector256.Create(promises[row..]), Vector256.Create(weights[NewcomerModel.Promise]), Vector256.Create<float>(score[row..]));
            for (var feature = TasteFeatures.Year; feature <= TasteFeatures.EmbeddingRecent; feature++)
            {
                if (!scratch.IsZero[feature])
                {
                    var taste = scratch.Taste[feature].AsSpan(start + row);
                    var value = Vector256.Create<float>(taste);
                    sum = Vector256.FusedMultiplyAdd(value, Vector256.Create(weights[NewcomerModel.Year + feature - TasteFeatures.Year]), sum);
                    (value * known).CopyTo(taste);
                }
            }

            (sum * share).CopyTo(score[row..]);
        }
    }

    /// <summary>The plain twin of <see cref="Mix"/>: its specification.</summary>
    internal static void PlainMix(CatalogueBlock block, ReadOnlySpan<float> weights, int start, Span<float> score, Scratch scratch)
    {
        var promises = block.Column(CatalogueBlock.Promise);
        var shares = block.Column(CatalogueBlock.NewcomerShare);
        for (var row = 0; row < CatalogueBlock.Rows; row++)
        {
            var sum = score[row] + (promises[row] * weights[NewcomerModel.Promise]);
            for (var feature = TasteFeatures.Year; feature <= TasteFeatures.EmbeddingRecent; feature++)
            {
                ref var taste = ref scratch.Taste[feature][start + row];
                sum += taste * weights[NewcomerModel.Year + feature - TasteFeatures.Year];
                taste *= 1 - shares[row];
            }

            score[row] = sum * shares[row];
        }
    }
}
