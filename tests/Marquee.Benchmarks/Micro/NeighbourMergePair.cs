using BenchmarkDotNet.Attributes;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Benchmarks.Micro;

/// <summary>The 100 strongest neighbours of 100 titles, summed over the shares of 64 partitions.</summary>
public class NeighbourMergePair
{
    private const int Partitions = 64;
    private const int Titles = 100;
    private const int Most = 100;

    private readonly NeighbourSum _sum = new(new TitleTable());
    private NeighbourShare[] _shares = [];

    [GlobalSetup]
    public void Setup()
    {
        var world = new GeneratedWorld(7);
        string[] asked = [.. Enumerable.Range(0, Titles).Select(GeneratedWorld.TitleId)];
        _shares = [.. Enumerable.Range(0, Partitions).Select(partition =>
        {
            var fold = new EngagementFold(neighbourCapacity: 32, new TitleTable());
            for (var i = 0; i < 4_000; i++)
            {
                fold.Apply(world.Event($"{i}", $"user-{partition}-{i % 200}", 2_000, GeneratedWorld.Now + i), i);
            }

            return fold.NeighboursOf(asked);
        })];
        var (plain, engine) = (Plain(), Engine());
        for (var title = 0; title < Titles; title++)
        {
            Agreement.Same(plain[title], engine[title], "the neighbours of a title");
        }
    }

    [Benchmark(Baseline = true)]
    public Neighbour[][] Plain()
    {
        var starts = new int[_shares.Length];
        var strongest = new Neighbour[Titles][];
        for (var title = 0; title < Titles; title++)
        {
            var sums = new Dictionary<string, Neighbour>(StringComparer.Ordinal);
            for (var partition = 0; partition < _shares.Length; partition++)
            {
                var share = _shares[partition];
                for (var i = starts[partition]; i < starts[partition] + share.Counts[title]; i++)
                {
                    var id = share.TitleIds[share.Titles[i]];
                    var before = sums.GetValueOrDefault(id);
                    sums[id] = new Neighbour(id, before.Transition + share.Transitions[i], before.CoWatch + share.CoWatches[i]);
                }

                starts[partition] += share.Counts[title];
            }

            strongest[title] = [.. Ordered(Ordered(sums.Values).Take(Most)
                .Union(sums.Values.OrderByDescending(neighbour => neighbour.CoWatch).ThenByDescending(neighbour => neighbour.Transition).ThenBy(neighbour => neighbour.TitleId, StringComparer.Ordinal).Take(Most)))];
        }

        return strongest;
    }

    [Benchmark]
    public Neighbour[][] Engine() => _sum.Strongest(Titles, _shares, Most);

    private static IOrderedEnumerable<Neighbour> Ordered(IEnumerable<Neighbour> neighbours) => neighbours
        .OrderByDescending(neighbour => neighbour.Transition).ThenByDescending(neighbour => neighbour.CoWatch).ThenBy(neighbour => neighbour.TitleId, StringComparer.Ordinal);
}
