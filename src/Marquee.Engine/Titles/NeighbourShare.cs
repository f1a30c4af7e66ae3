namespace Marquee.Engine.Titles;

/// <summary>What one partition's fold holds of the neighbours of several titles. Immutable.</summary>
/// <param name="TitleIds">string[t]: every neighbour once.</param>
/// <param name="Counts">int32[n]: how many neighbours each of the n titles has here, in the order asked.</param>
/// <param name="Titles">int32[ΣCounts]: indices into <paramref name="TitleIds"/>, title after title.</param>
/// <param name="Transitions">int32[ΣCounts]: in fixed point, see <see cref="Neighbour.Unit"/>.</param>
/// <param name="CoWatches">int32[ΣCounts]: viewers.</param>
public sealed record NeighbourShare(string[] TitleIds, int[] Counts, int[] Titles, int[] Transitions, int[] CoWatches)
{
    /// <summary>A share that knows nothing of the titles.</summary>
    /// <param name="titles">How many were asked for.</param>
    public static NeighbourShare Nothing(int titles) => new([], new int[titles], [], [], []);
}
