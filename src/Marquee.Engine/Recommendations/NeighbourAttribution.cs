using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Finds, for each title of a slate, the title of the viewer's past that speaks for it most.</summary>
internal static class NeighbourAttribution
{
    /// <summary>The row of the strongest source of each chosen title; −1 where none of the past speaks for it. Valid until the next call.</summary>
    /// <remarks>Each source counts with the share that it has in the transition sum and in the co-watch sum.</remarks>
    public static ReadOnlySpan<int> Strongest(List<Candidate> chosen, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var sources = scratch.SourcesFor(chosen.Count);
        var strengths = scratch.Gather(chosen.Count);
        sources.Fill(-1);
        strengths.Clear();
        var slots = scratch.SlotsFor(catalogue);
        for (var i = 0; i < chosen.Count; i++)
        {
            slots[catalogue[chosen[i].Row]!.Number] = i + 1;
        }

        var recent = taste.Recent;
        for (var age = 0; age < scratch.PastCount; age++)
        {
            if (!recent[^(age + 1)].IsPositive || scratch.Past[age] is not { } source)
            {
                continue;
            }

            var follow = age < NeighbourScan.TransitionReach ? NeighbourScan.TransitionWeight(source, age) : 0;
            var with = NeighbourScan.CoWatchWeight(source, age);
            var numbers = source.Neighbours.Numbers;
            for (var i = 0; i < numbers.Length; i++)
            {
                if ((uint)numbers[i] < (uint)slots.Length && slots[numbers[i]] - 1 is >= 0 and var slot)
                {
                    var popularity = MathF.Sqrt(catalogue[chosen[slot].Row]!.Statistics.Positives + 20);
                    var strength = (follow * source.Neighbours.Transitions[i]) + (with * source.Neighbours.CoWatches[i] / popularity);
                    if (strength > strengths[slot])
                    {
                        (strengths[slot], sources[slot]) = (strength, catalogue.RowOf(source.Number));
                    }
                }
            }
        }

        foreach (var candidate in chosen)
        {
            slots[catalogue[candidate.Row]!.Number] = 0;
        }

        return sources;
    }
}
