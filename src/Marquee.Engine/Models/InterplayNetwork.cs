using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Marquee.Engine.Models;

/// <summary>
/// What the features of a candidate are worth together, beyond the sum of what each is worth by itself: a network with one
/// hidden layer, whose output is one more part of the score. Immutable.
/// </summary>
/// <remarks>
/// The deep part of Wide and Deep (Cheng et al. 2016, equation 3); the wide part is <see cref="AdditiveRanker"/>.
/// Output = Σⱼ vⱼ · max(0, bⱼ + Σᵢ xᵢ·wᵢⱼ). Training and serving share <see cref="Activate"/>.
/// </remarks>
public sealed class InterplayNetwork
{
    /// <summary>h: how many hidden units there are.</summary>
    public const int Hidden = 32;

    /// <summary>The part's name in explanations.</summary>
    public const string PartName = "interplay";

    /// <summary>The factor of the last input: how far the sum of the other parts is behind that of the best candidate.</summary>
    public const float BehindScale = 0.3f;

    /// <summary>Creates a network.</summary>
    /// <param name="inputs">n: the ranker's features, its context values, and <see cref="BehindScale"/> × the distance to the best candidate.</param>
    /// <param name="inputWeights">float32[n, h], row-major: w.</param>
    /// <param name="biases">float32[h]: b.</param>
    /// <param name="outputWeights">float32[h]: v.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public InterplayNetwork(int inputs, float[] inputWeights, float[] biases, float[] outputWeights)
    {
        if (inputWeights.Length != inputs * Hidden || biases.Length != Hidden || outputWeights.Length != Hidden)
        {
            throw new ArgumentException($"{inputs} inputs take {inputs * Hidden} weights, {Hidden} biases and {Hidden} output weights.");
        }

        (Inputs, InputWeights, Biases, OutputWeights) = (inputs, inputWeights, biases, outputWeights);
    }

    /// <summary>n.</summary>
    public int Inputs { get; }

    /// <summary>float32[n, h].</summary>
    public float[] InputWeights { get; }

    /// <summary>float32[h].</summary>
    public float[] Biases { get; }

    /// <summary>float32[h].</summary>
    public float[] OutputWeights { get; }

    /// <summary>A network that adds nothing yet and can learn: random input weights, output weights of 0.</summary>
    /// <param name="inputs">n.</param>
    public static InterplayNetwork Untrained(int inputs)
    {
        // A fixed seed: everyone starts from the same network.
        var random = new Random(3);
        var weights = new float[inputs * Hidden];
        var scale = 2 / Math.Sqrt(inputs);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(scale * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        }

        var biases = new float[Hidden];
        for (var i = 0; i < biases.Length; i++)
        {
            biases[i] = (float)(random.NextDouble() - 0.5);
        }

        return new InterplayNetwork(inputs, weights, biases, new float[Hidden]);
    }

    /// <summary>What the network adds to the score of one candidate. O(n·h), allocates nothing.</summary>
    /// <param name="input">float32[n].</param>
    public float Evaluate(ReadOnlySpan<float> input)
    {
        Span<float> hidden = stackalloc float[Hidden];
        Activate(InputWeights, Biases, input, hidden);
        return TensorPrimitives.Dot(hidden, OutputWeights);
    }

    /// <summary>The hidden layer: max(0, b + xᵀW).</summary>
    /// <param name="inputWeights">float32[n, h].</param>
    /// <param name="biases">float32[h].</param>
    /// <param name="input">float32[n].</param>
    /// <param name="hidden">float32[h], overwritten.</param>
    public static void Activate(ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> biases, ReadOnlySpan<float> input, Span<float> hidden)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            PlainActivate(inputWeights, biases, input, hidden);
            return;
        }

        ref var weights = ref MemoryMarshal.GetReference(inputWeights);
        ref var bias = ref MemoryMarshal.GetReference(biases);
        var (sum0, sum1) = (Vector256.LoadUnsafe(ref bias, 0), Vector256.LoadUnsafe(ref bias, 8));
        var (sum2, sum3) = (Vector256.LoadUnsafe(ref bias, 16), Vector256.LoadUnsafe(ref bias, 24));
        for (var i = 0; i < input.Length; i++)
        {
            var x = Vector256.Create(input[i]);
            var at = (nuint)(i * Hidden);
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weights, at), x, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weights, at + 8), x, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weights, at + 16), x, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weights, at + 24), x, sum3);
        }

        Vector256.Max(sum0, Vector256<float>.Zero).CopyTo(hidden);
        Vector256.Max(sum1, Vector256<float>.Zero).CopyTo(hidden[8..]);
        Vector256.Max(sum2, Vector256<float>.Zero).CopyTo(hidden[16..]);
        Vector256.Max(sum3, Vector256<float>.Zero).CopyTo(hidden[24..]);
    }

    /// <summary>The plain twin of <see cref="Activate"/>: its specification.</summary>
    internal static void PlainActivate(ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> biases, ReadOnlySpan<float> input, Span<float> hidden)
    {
        for (var unit = 0; unit < Hidden; unit++)
        {
            var sum = biases[unit];
            for (var i = 0; i < input.Length; i++)
            {
                sum += input[i] * inputWeights[(i * Hidden) + unit];
            }

            hidden[unit] = Math.Max(0, sum);
        }
    }
}
