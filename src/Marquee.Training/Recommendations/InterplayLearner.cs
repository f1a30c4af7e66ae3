using System.Numerics.Tensors;
using Marquee.Engine.Models;

namespace Marquee.Training.Recommendations;

/// <summary>Trains an <see cref="InterplayNetwork"/> by gradient ascent: forward and backward over the candidates of a list, then one AdaGrad step.</summary>
/// <remarks>Duchi et al. 2011: w += rate · g / √(Σg² + 1). Not thread-safe.</remarks>
internal sealed class InterplayLearner
{
    private const int Hidden = InterplayNetwork.Hidden;

    private readonly int _inputs;
    private readonly Weights _input;
    private readonly Weights _biases;
    private readonly Weights _output;
    private readonly float[] _hidden;
    private readonly float[] _deltas;

    /// <summary>Starts from a network.</summary>
    /// <param name="start">The network.</param>
    /// <param name="listLength">The most candidates of a list.</param>
    public InterplayLearner(InterplayNetwork start, int listLength)
    {
        _inputs = start.Inputs;
        (_input, _biases, _output) = (new Weights(start.InputWeights), new Weights(start.Biases), new Weights(start.OutputWeights));
        (_hidden, _deltas) = (new float[listLength * Hidden], new float[listLength * Hidden]);
    }

    /// <summary>The network as it is now.</summary>
    public InterplayNetwork Publish() => new(_inputs, [.. _input.Values], [.. _biases.Values], [.. _output.Values]);

    /// <summary>Adds the output for each candidate of a list to its score, and keeps the hidden layers for <see cref="Backward"/>.</summary>
    /// <param name="inputs">float32[count, n], row-major.</param>
    /// <param name="scores">float32[count].</param>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> scores)
    {
        var hidden = _hidden.AsSpan(0, scores.Length * Hidden);
        InterplayNetwork.Activate(_input.Values, _biases.Values, inputs, hidden);
        for (var place = 0; place < scores.Length; place++)
        {
            scores[place] += TensorPrimitives.Dot<float>(hidden.Slice(place * Hidden, Hidden), _output.Values);
        }
    }

    /// <summary>Adds the gradient of a list.</summary>
    /// <param name="inputs">float32[count, n], as given to <see cref="Forward"/>.</param>
    /// <param name="slopes">float32[count]: ∂ objective / ∂ output of each candidate; 0 where it teaches nothing.</param>
    public void Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> slopes)
    {
        var deltas = _deltas.AsSpan(0, slopes.Length * Hidden);
        for (var place = 0; place < slopes.Length; place++)
        {
            var hidden = _hidden.AsSpan(place * Hidden, Hidden);
            var delta = deltas.Slice(place * Hidden, Hidden);
            TensorPrimitives.MultiplyAdd(hidden, slopes[place], _output.Gradient, _output.Gradient);
            for (var unit = 0; unit < Hidden; unit++)
            {
                delta[unit] = hidden[unit] > 0 ? slopes[place] * _output.Values[unit] : 0;
            }

            TensorPrimitives.Add(_biases.Gradient, delta, _biases.Gradient);
        }

        DenseProduct.AddTransposed(inputs, deltas, _input.Gradient, _inputs, slopes.Length, Hidden);
    }

    /// <summary>Moves along the gradient and forgets it.</summary>
    public void Step(float rate)
    {
        _input.Step(rate);
        _biases.Step(rate);
        _output.Step(rate);
    }

    private sealed class Weights(float[] start)
    {
        private readonly float[] _squares = new float[start.Length];
        private readonly float[] _scales = new float[start.Length];

        public float[] Values { get; } = [.. start];

        public float[] Gradient { get; } = new float[start.Length];

        public void Step(float rate)
        {
            TensorPrimitives.MultiplyAdd(Gradient, Gradient, _squares, _squares);
            TensorPrimitives.Add(_squares, 1, _scales);
            TensorPrimitives.Sqrt(_scales, _scales);
            TensorPrimitives.Divide(Gradient, _scales, _scales);
            TensorPrimitives.MultiplyAdd(_scales, rate, Values, Values);
            Array.Clear(Gradient);
        }
    }
}
