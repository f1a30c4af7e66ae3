namespace Marquee.Cli.Load.Worlds;

/// <summary>Draws i with a chance in proportion to its weight, in constant time: the alias method.</summary>
/// <remarks>
/// Vose: A linear algorithm for generating random numbers with a given distribution, 1991. Each of n columns is as likely as
/// the others and holds its own index up to a height, and one other index above it. 8 bytes per index; chances are exact to
/// the precision of a float.
/// </remarks>
internal sealed class WeightedChoice
{
    private readonly float[] _height;
    private readonly int[] _above;

    /// <param name="weights">float64[n], n at least 1; none negative, not all 0.</param>
    public WeightedChoice(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sum);
        _height = new float[weights.Length];
        _above = new int[weights.Length];
        var scaled = new double[weights.Length];
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = weights[i] * scaled.Length / sum;
            (scaled[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (low, high) = (small.Pop(), large.Pop());
            _height[low] = (float)scaled[low];
            _above[low] = high;
            scaled[high] -= 1 - scaled[low];
            (scaled[high] < 1 ? small : large).Push(high);
        }

        // What is left fills its column, but for rounding.
        foreach (var full in small.Concat(large))
        {
            _height[full] = 1;
        }
    }

    /// <summary>An index from 0 to n − 1.</summary>
    public int Draw(ref Chance chance)
    {
        var column = chance.NextBelow(_height.Length);
        return chance.NextShare() < _height[column] ? column : _above[column];
    }
}
