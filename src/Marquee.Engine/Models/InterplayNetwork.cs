using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Marquee.Engine.Models;

/// <summary>
/// What the features of a candidate are worth together, beyond the sum of what each is worth by itself: a network with one
/// hidden layer, whose output is one more part of the score. Immutable.
/// </summary>
/// <remarks>
/// The deep part of Wide and Deep (Cheng et al. 2016, equation 3); the wide part is <see cref="AdditiveRanker"/>.
/// Output = Σⱼ vⱼ · max(0, bⱼ + Σᵢ xᵢ·wᵢⱼ). A test holds the forward passes of training and serving together.
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

    /// <summary>The sums of the hidden layer over what all candidates of a ranking share: biases and the viewer's situation.</summary>
    /// <param name="context">float32[c]: the context values; they follow the features among the inputs.</param>
    /// <param name="situation">float32[h], overwritten.</param>
    public void Place(ReadOnlySpan<float> context, Span<float> situation)
    {
        Biases.CopyTo(situation);
        Accumulate(InputWeights.AsSpan((Inputs - 1 - context.Length) * Hidden), context, situation);
    }

    /// <summary>What the network adds to the score of one candidate. O(f·h), allocates nothing.</summary>
    /// <param name="situation">What <see cref="Place"/> gave.</param>
    /// <param name="features">float32[f]: the candidate's features, the first inputs.</param>
    /// <param name="behind">How far the sum of the other parts is behind that of the best candidate: at most 0, but for rounding.</param>
    public float Evaluate(ReadOnlySpan<float> situation, ReadOnlySpan<float> features, float behind)
    {
        Span<float> hidden = stackalloc float[Hidden];
        situation.CopyTo(hidden);
        Accumulate(InputWeights.AsSpan((Inputs - 1) * Hidden), [BehindScale * behind], hidden);
        Accumulate(InputWeights, features, hidden);
        TensorPrimitives.Max(hidden, 0, hidden);
        return TensorPrimitives.Dot(hidden, OutputWeights);
    }

    /// <summary>The hidden layers of a list of candidates: max(0, b + XW). What training uses; <see cref="Evaluate"/> is the same for one candidate, without what the list shares.</summary>
    /// <param name="inputWeights">float32[n, h].</param>
    /// <param name="biases">float32[h].</param>
    /// <param name="inputs">float32[count, n].</param>
    /// <param name="hidden">float32[count, h], overwritten.</param>
    public static void Activate(ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> biases, ReadOnlySpan<float> inputs, Span<float> hidden)
    {
        for (var place = 0; place < hidden.Length; place += Hidden)
        {
            biases.CopyTo(hidden[place..]);
        }

        DenseProduct.Add(inputs, inputWeights, hidden, hidden.Length / Hidden, inputWeights.Length / Hidden, Hidden);
        TensorPrimitives.Max(hidden, 0, hidden);
    }

    /// <summary>hidden += xᵀW, for the first inputs of W.</summary>
    private static void Accumulate(ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> input, Span<float> hidden)
    {
        if (!Vector.IsHardwareAccelerated || Hidden % (4 * Vector<float>.Count) != 0)
        {
            PlainAccumulate(inputWeights, input, hidden);
            return;
        }

        var width = Vector<float>.Count;
        ref var weights = ref MemoryMarshal.GetReference(inputWeights[..(input.Length * Hidden)]);
        for (var unit = 0; unit < Hidden; unit += 4 * width)
        {
            var (sum0, sum1) = (new Vector<float>(hidden[unit..]), new Vector<float>(hidden[(unit + width)..]));
            var (sum2, sum3) = (new Vector<float>(hidden[(unit + (2 * width))..]), new Vector<float>(hidden[(unit + (3 * width))..]));
            for (var i = 0; i < input.Length; i++)
            {
                var x = new Vector<float>(input[i]);
                var at = (nuint)((i * Hidden) + unit);
                sum0 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref weights, at), x, sum0);
                sum1 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref weights, at + (nuint)width), x, sum1);
                sum2 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref weights, at + (nuint)(2 * width)), x, sum2);
                sum3 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref weights, at + (nuint)(3 * width)), x, sum3);
            }

            sum0.CopyTo(hidden[unit..]);
            sum1.CopyTo(hidden[(unit + width)..]);
            sum2.CopyTo(hidden[(unit + (2 * width))..]);
            sum3.CopyTo(hidden[(unit + (3 * width))..]);
        }
    }

    /// <summary>The plain twin of <see cref="Accumulate"/>: its specification.</summary>
    internal static void PlainAccumulate(ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> input, Span<float> hidden)
    {
        for (var unit = 0; unit < Hidden; unit++)
        {
            for (var i = 0; i < input.Length; i++)
            {
                hidden[unit] += input[i] * inputWeights[(i * Hidden) + unit];
            }
        }
    }
}
