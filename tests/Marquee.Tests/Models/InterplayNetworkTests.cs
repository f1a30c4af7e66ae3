using Marquee.Engine.Models;

namespace Marquee.Tests.Models;

public sealed class InterplayNetworkTests
{
    [Fact]
    public void Activate_AnyInput_EqualsItsPlainTwin()
    {
        var network = InterplayNetwork.Untrained(37);
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            float[] input = [.. Enumerable.Range(0, network.Inputs).Select(_ => (float)(4 * (random.NextDouble() - 0.5)))];
            var (fast, plain) = (new float[InterplayNetwork.Hidden], new float[InterplayNetwork.Hidden]);

            InterplayNetwork.Activate(network.InputWeights, network.Biases, input, fast);
            InterplayNetwork.PlainActivate(network.InputWeights, network.Biases, input, plain);

            Assert.All(fast.Zip(plain), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
            Assert.Contains(fast, static value => value > 0);
            Assert.Contains(fast, static value => value == 0);
        }
    }

    [Fact]
    public void Evaluate_Untrained_AddsNothing() => Assert.Equal(0, InterplayNetwork.Untrained(5).Evaluate([1, 2, 3, 4, 5]));
}
