using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public sealed class PartitionSharesTests
{
    [Fact]
    public void Divide_AnyNodes_GivesEachTheSameNumberOrOneLess() => Gen.Select(Gen.ULong.HashSet[1, 20], Gen.Int[1, 300]).Sample((nodes, partitions) =>
    {
        ulong[] ids = [.. nodes];
        var owners = PartitionShares.Divide(ids, partitions);
        var held = Enumerable.Range(0, ids.Length).Select(node => owners.Count(owner => owner == node)).ToArray();
        Assert.Equal(partitions, owners.Length);
        Assert.True(held.Max() <= (partitions + ids.Length - 1) / ids.Length, $"{string.Join(", ", held)} of {partitions}");
    });

    [Fact]
    public void Divide_OneNode_GetsAll() => Assert.All(PartitionShares.Divide([7], 64), owner => Assert.Equal(0, owner));

    /// <remarks>A node that comes takes its share; apart from that, most partitions stay where they are.</remarks>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Divide_OneNodeMore_MovesLittleBeyondItsShare(int nodes)
    {
        const int Partitions = 64;
        const int Clusters = 200;
        var random = new Random(5);
        long moved = 0;
        for (var cluster = 0; cluster < Clusters; cluster++)
        {
            ulong[] ids = [.. Enumerable.Range(0, nodes + 1).Select(_ => (ulong)random.NextInt64())];
            var before = PartitionShares.Divide(ids.AsSpan(0, nodes), Partitions);
            var after = PartitionShares.Divide(ids, Partitions);
            moved += before.Zip(after).Count(pair => pair.First != pair.Second);
        }

        var share = (double)Partitions / (nodes + 1);
        Assert.InRange((double)moved / Clusters, 0.9 * share, 2 * share);
    }
}
