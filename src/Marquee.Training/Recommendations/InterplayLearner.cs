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
    private readonly float[] _activations;
    private readonly float[] _delta = new float[Hidden];

    /// <summary>Starts from a network.</summary>
    /// <param name="start">The network.</param>
    /// <param name="listLength">The most candidates of a list.</param>
    public InterplayLearner(InterplayNetwork start, int listLength)
    {
        _inputs = start.Inputs;
        (_input, _biases, _output) = (new Weights(start.InputWeights), new Weights(start.Biases), new Weights(start.OutputWeights));
        _activations = new float[listLength * Hidden];
    }

    /// <summary>The network as it is now.</summary>
    public InterplayNetwork Publish() => new(_inputs, [.. _input.Values], [.. _biases.Values], [.. _output.Values]);

    /// <summary>The output for the candidate at a place of the list, whose hidden layer is kept for <see cref="Backward"/>.</summary>
    public float Forward(ReadOnlySpan<float> input, int place)
    {
        var hidden = _activations.AsSpan(place * Hidden, Hidden);
        InterplayNetwork.Activate(_input.Values, _biases.Values, input, hidden);
        return TensorPrimitives.Dot<float>(hidden, _output.Values);
    }

    /// <summary>Adds a candidate's part of the gradient.</summary>
    /// <param name="input">float32[n], as given to <see cref="Forward"/>.</param>
    /// <param name="place">Its place in the list.</param>
    /// <param name="slope">∂ objective / ∂ output.</param>
    public void Backward(ReadOnlySpan<float> input, int place, float slope)
    {
        var hidden = _activations.AsSpan(place * Hidden, Hidden);
        TensorPrimitives.MultiplyAdd(hidden, slope, _output.Gradient, _output.Gradient);
        for (var unit = 0; unit < Hidden; unit++)
        {
            _delta[unit] = hidden[unit] > 0 ? slope * _output.Values[unit] : 0;
        }

        TensorPrimitives.Add(_biases.Gradient, _delta, _biases.Gradient);
        for (var i = 0; i < _inputs; i++)
        {
            var into = _input.Gradient.AsSpan(i * Hidden, Hidden);
            TensorPrimitives.MultiplyAdd(_delta, input[i], into, into);
        }
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
