namespace Marquee.Engine.Events;

/// <summary>Divides partitions among nodes: evenly, and so that few move when a node comes or goes.</summary>
/// <remarks>
/// Rendezvous hashing (Thaler and Ravishankar 1998) with room for ⌈partitions ÷ nodes⌉ at each node: each partition in turn goes
/// to the node of the highest weight that has room. Everybody who knows the same nodes gets the same answer, whatever came before.
/// </remarks>
public static class PartitionShares
{
    /// <summary>The node of each partition, as an index into <paramref name="nodes"/>. O(partitions × nodes).</summary>
    /// <param name="nodes">A number that names each node; all different.</param>
    /// <param name="partitions">How many partitions.</param>
    /// <exception cref="ArgumentException">There is no node.</exception>
    public static int[] Divide(ReadOnlySpan<ulong> nodes, int partitions)
    {
        if (nodes.IsEmpty)
        {
            throw new ArgumentException("There must be a node.", nameof(nodes));
        }

        var most = (partitions + nodes.Length - 1) / nodes.Length;
        var held = new int[nodes.Length];
        var owners = new int[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var best = -1;
            for (var node = 0; node < nodes.Length; node++)
            {
                if (held[node] < most && (best < 0 || Weight(nodes[node], partition) > Weight(nodes[best], partition)))
                {
                    best = node;
                }
            }

            owners[partition] = best;
            held[best]++;
        }

        return owners;
    }

    /// <summary>The finisher of SplitMix64 (Steele, Lea, Flood 2014) over both numbers.</summary>
    private static ulong Weight(ulong node, int partition)
    {
        var mixed = node + (0x9E3779B97F4A7C15UL * (ulong)(partition + 1));
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
