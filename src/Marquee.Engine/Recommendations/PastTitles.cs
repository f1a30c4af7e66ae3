using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Looks up what the catalogue knows of a viewer's newest titles, once for all that reads them.</summary>
internal static class PastTitles
{
    /// <summary>How many of the newest titles are looked up.</summary>
    public const int Most = 40;

    /// <summary>Fills the past of a scratch.</summary>
    public static void Gather(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var recent = taste.Recent;
        scratch.PastCount = Math.Min(recent.Length, Most);
        for (var age = 0; age < scratch.PastCount; age++)
        {
            scratch.Past[age] = catalogue.EntryOf(recent[^(age + 1)].Title);
        }

        Fetch(scratch);
    }

    /// <summary>Reads a little of all that the next steps read of each title.</summary>
    /// <remarks>It lies anywhere in memory. Here nothing depends on what is read, so the processor waits for all of it together.</remarks>
    private static void Fetch(Scratch scratch)
    {
        foreach (var title in scratch.Past.AsSpan(0, scratch.PastCount))
        {
            if (title is not null)
            {
                var (numbers, transitions, coWatches) = title.Neighbours;
                scratch.Fetched += (int)title.Statistics.Positives + title.Genres.Length + title.Details.Length;
                if (numbers.Length > 0)
                {
                    scratch.Fetched += numbers[0] + (int)transitions[0] + (int)coWatches[0];
                }
            }
        }
    }
}
