using System.Numerics.Tensors;

namespace Marquee.Engine.Models;

/// <summary>One step of a gated recurrent unit (Cho et al. 2014, equations 5 to 8), with the reset applied behind the product, so that one product serves all three gates.</summary>
/// <remarks>
/// z = σ(Wz x + bz + Uz h), r = σ(Wr x + br + Ur h), n = tanh(Wn x + bn + r ⊙ Un h), h' = (1 − z) ⊙ n + z ⊙ h.
/// Gates lie side by side: z, r, n.
/// </remarks>
public static class GatedRecurrentUnit
{
    /// <summary>How many gates there are.</summary>
    public const int Gates = 3;

    /// <summary>Moves states on. O(rows · h), allocates nothing.</summary>
    /// <param name="gates">float32[rows, 3h]: W x + b; holds z, r and n afterwards.</param>
    /// <param name="recurrent">float32[rows, 3h]: U h.</param>
    /// <param name="before">float32[rows, h]: h.</param>
    /// <param name="after">float32[rows, h]: h', overwritten; may be the memory of <paramref name="before"/>.</param>
    /// <param name="hidden">h.</param>
    public static void Step(Span<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> before, Span<float> after, int hidden)
    {
        for (var (at, row) = (0, 0); at < gates.Length; at += Gates * hidden, row += hidden)
        {
            var update = gates.Slice(at, hidden);
            var both = gates.Slice(at, 2 * hidden);
            TensorPrimitives.Add(both, recurrent.Slice(at, 2 * hidden), both);
            TensorPrimitives.Sigmoid(both, both);

            var candidate = gates.Slice(at + (2 * hidden), hidden);
            TensorPrimitives.MultiplyAdd(both[hidden..], recurrent.Slice(at + (2 * hidden), hidden), candidate, candidate);
            TensorPrimitives.Tanh(candidate, candidate);

            // (1 − z) n + z h = n + z (h − n)
            var state = after.Slice(row, hidden);
            TensorPrimitives.Subtract(before.Slice(row, hidden), candidate, state);
            TensorPrimitives.MultiplyAdd(state, update, candidate, state);
        }
    }

    /// <summary>The way back through <see cref="Step"/>.</summary>
    /// <param name="gates">float32[rows, 3h]: z, r and n, as it left them; overwritten by the gradient of W x + b.</param>
    /// <param name="recurrent">float32[rows, 3h]: U h; overwritten by its gradient.</param>
    /// <param name="before">float32[rows, h]: h.</param>
    /// <param name="gradient">float32[rows, h]: the gradient of h'; overwritten by the part of the gradient of h that does not go through U.</param>
    /// <param name="hidden">h.</param>
    public static void StepBack(Span<float> gates, Span<float> recurrent, ReadOnlySpan<float> before, Span<float> gradient, int hidden)
    {
        for (var (at, row) = (0, 0); at < gates.Length; at += Gates * hidden, row += hidden)
        {
            var update = gates.Slice(at, hidden);
            var reset = gates.Slice(at + hidden, hidden);
            var candidate = gates.Slice(at + (2 * hidden), hidden);
            var ofUpdate = recurrent.Slice(at, hidden);
            var ofReset = recurrent.Slice(at + hidden, hidden);
            var ofCandidate = recurrent.Slice(at + (2 * hidden), hidden);
            for (var i = 0; i < hidden; i++)
            {
                var (z, r, n, slope) = (update[i], reset[i], candidate[i], gradient[row + i]);
                var candidateSlope = slope * (1 - z) * (1 - (n * n));
                var resetSlope = candidateSlope * ofCandidate[i] * r * (1 - r);
                var updateSlope = slope * (before[row + i] - n) * z * (1 - z);
                (update[i], reset[i], candidate[i]) = (updateSlope, resetSlope, candidateSlope);
                (ofUpdate[i], ofReset[i], ofCandidate[i]) = (updateSlope, resetSlope, candidateSlope * r);
                gradient[row + i] = slope * z;
            }
        }
    }
}
