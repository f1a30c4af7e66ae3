namespace Marquee.Engine.Titles;

/// <summary>A title's strongest neighbours in the shape that ranking reads. Immutable.</summary>
/// <param name="Numbers">int32[n]: the neighbours' numbers in the process's title table, strongest first.</param>
/// <param name="Transitions">float32[n]: viewers who went on to the neighbour, by 0.7^steps.</param>
/// <param name="CoWatches">float32[n]: viewers who liked both.</param>
public sealed record TitleNeighbours(int[] Numbers, float[] Transitions, float[] CoWatches)
{
    /// <summary>No neighbours.</summary>
    public static readonly TitleNeighbours None = new([], [], []);

    /// <summary>Shapes neighbours.</summary>
    /// <param name="neighbours">Strongest first.</param>
    /// <param name="titles">Numbers the titles.</param>
    public static TitleNeighbours Of(ReadOnlySpan<Neighbour> neighbours, TitleTable titles)
    {
        var shaped = new TitleNeighbours(new int[neighbours.Length], new float[neighbours.Length], new float[neighbours.Length]);
        for (var i = 0; i < neighbours.Length; i++)
        {
            shaped.Numbers[i] = titles.NumberOf(neighbours[i].TitleId);
            shaped.Transitions[i] = neighbours[i].Transition / (float)Neighbour.Unit;
            shaped.CoWatches[i] = neighbours[i].CoWatch;
        }

        return shaped;
    }
}
