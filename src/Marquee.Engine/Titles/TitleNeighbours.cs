namespace Marquee.Engine.Titles;

/// <summary>A title's strongest neighbours in the shape that ranking reads. Immutable.</summary>
/// <param name="Numbers">int32[n]: the neighbours' numbers in the process's title table, strongest first.</param>
/// <param name="Transitions">float32[n]: viewers who went on to the neighbour, by 0.7^steps.</param>
/// <param name="CoWatches">float32[n]: viewers who liked both.</param>
public sealed record TitleNeighbours(int[] Numbers, float[] Transitions, float[] CoWatches)
{
    /// <summary>No neighbours.</summary>
    public static readonly TitleNeighbours None = new([], [], []);
}
