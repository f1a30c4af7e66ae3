using System.Runtime.InteropServices;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;

namespace Marquee.Grains.Titles;

/// <summary>Between the wire's and the engine's neighbours. Arrays are shared, not copied: neither side ever writes to them.</summary>
internal static class NeighbourMapping
{
    public static NeighbourShareMessage ToMessage(this NeighbourShare share) => new(
        ImmutableCollectionsMarshal.AsImmutableArray(share.TitleIds),
        ImmutableCollectionsMarshal.AsImmutableArray(share.Counts),
        ImmutableCollectionsMarshal.AsImmutableArray(share.Titles),
        ImmutableCollectionsMarshal.AsImmutableArray(share.Transitions),
        ImmutableCollectionsMarshal.AsImmutableArray(share.CoWatches));

    public static NeighbourShare ToEngine(this NeighbourShareMessage message) => new(
        ImmutableCollectionsMarshal.AsArray(message.TitleIds)!,
        ImmutableCollectionsMarshal.AsArray(message.Counts)!,
        ImmutableCollectionsMarshal.AsArray(message.Titles)!,
        ImmutableCollectionsMarshal.AsArray(message.Transitions)!,
        ImmutableCollectionsMarshal.AsArray(message.CoWatches)!);

    public static TitleNeighboursMessage ToMessage(this Neighbour[] neighbours, string titleId) => new(
        titleId,
        ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(neighbours, static neighbour => neighbour.TitleId)),
        ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(neighbours, static neighbour => neighbour.Transition)),
        ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(neighbours, static neighbour => neighbour.CoWatch)));

    public static TitleNeighbours ToEngine(this TitleNeighboursMessage message, TitleNumbers titles)
    {
        var neighbours = new TitleNeighbours(new int[message.Neighbours.Length], new float[message.Neighbours.Length], new float[message.Neighbours.Length]);
        for (var i = 0; i < neighbours.Numbers.Length; i++)
        {
            neighbours.Numbers[i] = titles.Of(message.Neighbours[i]);
            neighbours.Transitions[i] = message.Transitions[i] / (float)Neighbour.Unit;
            neighbours.CoWatches[i] = message.CoWatches[i];
        }

        return neighbours;
    }
}
