using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>A title's strongest neighbours over all partitions, strongest first.</summary>
/// <param name="TitleId">The title.</param>
/// <param name="Neighbours">Ids of the neighbours.</param>
/// <param name="Transitions">Viewers who went on to each, by 0.7^steps, in units of 1/4096.</param>
/// <param name="CoWatches">Viewers who liked both.</param>
[GenerateSerializer, Immutable, Alias("marquee.title-neighbours")]
public sealed record TitleNeighboursMessage(
    [property: Id(0)] string TitleId,
    [property: Id(1)] ImmutableArray<string> Neighbours,
    [property: Id(2)] ImmutableArray<long> Transitions,
    [property: Id(3)] ImmutableArray<long> CoWatches);

/// <summary>Asks a partition for titles whose neighbours changed.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Since">Tells everything from this offset on again, for a caller that does not know; null goes on.</param>
[GenerateSerializer, Immutable, Alias("marquee.changed-neighbours-question")]
public sealed record ChangedNeighboursQuestion(
    [property: Id(0)] int Partition,
    [property: Id(1)] long? Since);

/// <summary>Titles of a partition whose neighbours changed.</summary>
/// <param name="TitleIds">The longest waiting first.</param>
/// <param name="UpTo">Every change before this offset has now been told; null while more wait.</param>
/// <param name="Epoch">The partition's epoch: a later one does not know what the one before had still to tell.</param>
[GenerateSerializer, Immutable, Alias("marquee.changed-neighbours")]
public sealed record ChangedNeighbours(
    [property: Id(0)] ImmutableArray<string> TitleIds,
    [property: Id(1)] long? UpTo,
    [property: Id(2)] long Epoch);

/// <summary>What one partition holds of the neighbours of several titles.</summary>
/// <param name="TitleIds">Every neighbour once.</param>
/// <param name="Counts">How many neighbours each of the titles has here, in the order asked.</param>
/// <param name="Titles">Indices into <paramref name="TitleIds"/>, title after title.</param>
/// <param name="Transitions">In units of 1/4096.</param>
/// <param name="CoWatches">Viewers.</param>
[GenerateSerializer, Immutable, Alias("marquee.neighbour-share")]
public sealed record NeighbourShareMessage(
    [property: Id(0)] ImmutableArray<string> TitleIds,
    [property: Id(1)] ImmutableArray<int> Counts,
    [property: Id(2)] ImmutableArray<int> Titles,
    [property: Id(3)] ImmutableArray<int> Transitions,
    [property: Id(4)] ImmutableArray<int> CoWatches);
