using Marquee.Benchmarks.Results;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Silo.Sample;

namespace Marquee.Benchmarks.Paths;

/// <summary>What the state of an active viewer takes: the packed history of 200 events and the taste folded from it, beyond its activation.</summary>
/// <remarks>In a process that does nothing else meanwhile: it reads the whole heap.</remarks>
internal static class MemoryBenchmark
{
    private const int Users = 10_000;
    private const int Events = 200;

    public static void Run(Report report)
    {
        var ratings = MovieTweetingsSample.ReadRatings();
        var titles = new TitleTable();
        foreach (var rating in ratings)
        {
            titles.NumberOf(rating.TitleId);
        }

        var states = new EngagementHistory[Users];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var user = 0; user < Users; user++)
        {
            states[user] = new EngagementHistory(titles);
            for (var i = 0; i < Events; i++)
            {
                var rating = ratings[((user * 7919) + (i * 104729)) % ratings.Count];
                var (type, value) = RatingMapping.Map(rating.Rating, RatingScale.TenPoint);
                var engagement = new EngagementEvent
                {
                    EventId = Guid.NewGuid().ToString(),
                    UserId = "viewer",
                    TitleId = rating.TitleId,
                    Type = type,
                    Value = value,
                    OccurredAt = 1_400_000_000_000 + (i * 3_600_000L),
                };
                states[user].Append(engagement);
            }

            // What a ranking leaves behind in an untrained node.
            _ = states[user].Taste;
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Users;
        GC.KeepAlive(states);
        report.Add(new ResultRow("state of a viewer with 200 events (random UUIDs), beyond its activation", bytes, "B") { Wanted = "8,192 B" });
    }
}
