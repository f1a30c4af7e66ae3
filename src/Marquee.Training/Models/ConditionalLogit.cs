using System.Numerics.Tensors;

namespace Marquee.Training.Models;

/// <summary>Choices from lists: each alternative's value is linear in its features, the weights are linear in the situation.</summary>
/// <remarks>McFadden 1974, "Conditional logit analysis of qualitative choice behavior". Steps by AdaGrad (Duchi et al. 2011).</remarks>
internal static class ConditionalLogit
{
    private const int Passes = 4;
    private const float LearningRate = 0.1f;

    /// <summary>Learns weights. O(passes · alternatives · features).</summary>
    /// <param name="choices">The choices, in the order in which they are gone through.</param>
    /// <param name="features">How many features an alternative has.</param>
    /// <param name="contexts">How many values a situation has.</param>
    /// <returns>float32[features, contexts].</returns>
    public static float[] Learn(IReadOnlyList<Choice> choices, int features, int contexts)
    {
        var weights = new float[features * contexts];
        var squares = new float[weights.Length];
        var now = new float[features];
        var gradients = new float[features];
        var scores = new float[choices.Count == 0 ? 0 : choices.Max(choice => choice.Features.Length / features)];
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var choice in choices)
            {
                for (var feature = 0; feature < features; feature++)
                {
                    now[feature] = TensorPrimitives.Dot<float>(weights.AsSpan(feature * contexts, contexts), choice.Context);
                }

                Gradients(choice.Features, now, scores.AsSpan(0, choice.Features.Length / features), gradients);
                Step(weights, squares, gradients, choice.Context);
            }
        }

        return weights;
    }

    /// <summary>The gradient of the logarithm of the chosen one's probability: its features less the expected ones.</summary>
    private static void Gradients(float[] features, ReadOnlySpan<float> weights, Span<float> scores, Span<float> gradients)
    {
        var count = gradients.Length;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = TensorPrimitives.Dot(features.AsSpan(i * count, count), weights);
        }

        TensorPrimitives.SoftMax(scores, scores);
        features.AsSpan(0, count).CopyTo(gradients);
        for (var i = 0; i < scores.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(features.AsSpan(i * count, count), -scores[i], gradients, gradients);
        }
    }

    private static void Step(float[] weights, float[] squares, ReadOnlySpan<float> gradients, float[] context)
    {
        for (var feature = 0; feature < gradients.Length; feature++)
        {
            for (var i = 0; i < context.Length; i++)
            {
                var gradient = gradients[feature] * context[i];
                var at = (feature * context.Length) + i;
                squares[at] += gradient * gradient;
                weights[at] += LearningRate * gradient / MathF.Sqrt(squares[at] + 1);
            }
        }
    }

    /// <summary>One choice.</summary>
    /// <param name="Context">float32[contexts]: the situation.</param>
    /// <param name="Features">float32[alternatives, features]: the chosen one first.</param>
    internal readonly record struct Choice(float[] Context, float[] Features);
}
