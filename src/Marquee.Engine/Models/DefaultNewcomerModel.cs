using Marquee.Engine.Recommendations;

namespace Marquee.Engine.Models;

/// <summary>The newcomer model that comes with the program: newer is better, and what is like the viewer's titles is better.</summary>
internal static class DefaultNewcomerModel
{
    /// <summary>The model.</summary>
    public static readonly NewcomerModel Instance = new([], [0], Weights());

    private static float[] Weights()
    {
        var weights = new float[NewcomerModel.Count * TasteContext.Count];
        ReadOnlySpan<(int Feature, float Weight)> always =
        [
            (NewcomerModel.Promise, 1), (NewcomerModel.Year, 1), (NewcomerModel.Genre, 2), (NewcomerModel.Detail, 2),
            (NewcomerModel.Embedding, 1), (NewcomerModel.EmbeddingRecent, 2),
        ];
        foreach (var (feature, weight) in always)
        {
            weights[feature * TasteContext.Count] = weight;
        }

        for (var age = 0; age < NewcomerModel.Ages.Length; age++)
        {
            weights[(NewcomerModel.FirstAge + age) * TasteContext.Count] = NewcomerModel.Ages[age] < 0 ? -1 : -0.5f * MathF.Log2(1 + NewcomerModel.Ages[age]);
        }

        weights[(NewcomerModel.FirstAge + NewcomerModel.Ages.Length) * TasteContext.Count] = -2;
        return weights;
    }
}
