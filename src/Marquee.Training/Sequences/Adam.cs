using System.Numerics.Tensors;

namespace Marquee.Training.Sequences;

/// <summary>Adam with decoupled weight decay (Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019), rows without a gradient left alone.</summary>
/// <param name="values">The weights.</param>
/// <param name="rowLength">Weights per row.</param>
internal sealed class Adam(float[] values, int rowLength)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Floor = 1e-8f;

    private readonly float[] _means = new float[values.Length];
    private readonly float[] _squares = new float[values.Length];

    /// <summary>Moves one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gradient">float32[row length]; overwritten.</param>
    /// <param name="step">How many steps there were with this one.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="decay">Share of the weights that goes, per step size.</param>
    public void Move(int row, Span<float> gradient, int step, float rate, float decay)
    {
        var means = _means.AsSpan(row * rowLength, rowLength);
        var squares = _squares.AsSpan(row * rowLength, rowLength);
        var weights = values.AsSpan(row * rowLength, rowLength);
        TensorPrimitives.Lerp(gradient, means, MeanDecay, means);
        TensorPrimitives.Multiply(gradient, gradient, gradient);
        TensorPrimitives.Lerp(gradient, squares, SquareDecay, squares);

        var meanScale = rate / (1 - MathF.Pow(MeanDecay, step));
        TensorPrimitives.Divide(squares, 1 - MathF.Pow(SquareDecay, step), gradient);
        TensorPrimitives.Sqrt(gradient, gradient);
        TensorPrimitives.Add(gradient, Floor, gradient);
        TensorPrimitives.Divide(means, gradient, gradient);
        TensorPrimitives.Multiply(weights, 1 - (rate * decay), weights);
        TensorPrimitives.MultiplyAdd(gradient, -meanScale, weights, weights);
    }
}
