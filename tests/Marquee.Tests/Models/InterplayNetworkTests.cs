using Marquee.Engine.Models;

namespace Marquee.Tests.Models;

public sealed class InterplayNetworkTests
{
    [Fact]
    public void Activate_AnyInput_EqualsItsPlainTwin() => Repeat((network, input) =>
    {
        // Lists of five: four rows at a time, and one that is left.
        var fast = new float[5 * InterplayNetwork.Hidden];
        float[][] inputs = [.. Enumerable.Range(0, 5).Select(i => input.Select(value => value - i).ToArray())];
        float[] plain = [.. inputs.SelectMany(values =>
        {
            var hidden = network.Biases.ToArray();
            InterplayNetwork.PlainAccumulate(network.InputWeights, values, hidden);
            return hidden;
        })];

        InterplayNetwork.Activate(network.InputWeights, network.Biases, [.. inputs.SelectMany(values => values)], fast);

        Assert.All(fast.Zip(plain), pair => Assert.Equal(Math.Max(0, pair.Second), pair.First, 1e-4f));
        Assert.Contains(fast, static value => value > 0);
        Assert.Contains(fast, static value => value == 0);
    });

    /// <summary>What candidates share is summed once, and gives what a forward pass over all inputs gives.</summary>
    [Fact]
    public void Evaluate_AnyInput_EqualsTheForwardPassOfTraining() => Repeat((network, input) =>
    {
        const int Contexts = 11;
        var hidden = new float[InterplayNetwork.Hidden];
        InterplayNetwork.Activate(network.InputWeights, network.Biases, input, hidden);
        var situation = new float[InterplayNetwork.Hidden];
        network.Place(input.AsSpan(input.Length - 1 - Contexts, Contexts), situation);

        var value = network.Evaluate(situation, input.AsSpan(0, input.Length - 1 - Contexts), input[^1] / InterplayNetwork.BehindScale);

        Assert.Equal(hidden.Zip(network.OutputWeights).Sum(static pair => pair.First * pair.Second), value, 1e-3f);
    });

    [Fact]
    public void Evaluate_Untrained_AddsNothing() =>
        Assert.Equal(0, InterplayNetwork.Untrained(5).Evaluate(InterplayNetwork.Untrained(5).Biases, [1, 2, 3, 4], 5));

    private static void Repeat(Action<InterplayNetwork, float[]> check)
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var untrained = InterplayNetwork.Untrained(37);
            var network = new InterplayNetwork(
                untrained.Inputs, untrained.InputWeights, untrained.Biases, [.. untrained.OutputWeights.Select(_ => (float)random.NextDouble())]);
            check(network, [.. Enumerable.Range(0, network.Inputs).Select(_ => (float)(4 * (random.NextDouble() - 0.5)))]);
        }
    }
}
