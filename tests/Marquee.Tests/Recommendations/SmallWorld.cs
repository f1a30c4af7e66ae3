using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Recommendations;

/// <summary>Two worlds of titles and viewers who never meet: whoever likes one western likes others, and no romance.</summary>
internal static class SmallWorld
{
    public const long Start = 1_400_000_000_000;
    public const int TitlesPerGenre = 30;

    public static readonly string[] Genres = ["Western", "Romance"];

    public static IEnumerable<TitleMetadata> Titles() =>
        from genre in Enumerable.Range(0, Genres.Length)
        from i in Enumerable.Range(0, TitlesPerGenre)
        select new TitleMetadata { TitleId = $"{Genres[genre]}-{i}", Name = $"{Genres[genre][0]}{i:x4}", Genres = [Genres[genre]], ReleaseYear = 2000 + (i % 14) };

    public static IEnumerable<EngagementEvent> Events(int users = 60, int titlesEach = 12, int seed = 1)
    {
        var random = new Random(seed);
        for (var step = 0; step < titlesEach; step++)
        {
            for (var user = 0; user < users; user++)
            {
                var genre = Genres[user % Genres.Length];
                yield return Like($"user-{user}", $"{genre}-{random.Next(TitlesPerGenre)}", Start + (((long)step * users) + user) * 60_000);
            }
        }
    }

    public static EngagementEvent Like(string user, string title, long at) => Event(user, title, at, EngagementType.Like);

    public static EngagementEvent Event(string user, string title, long at, EngagementType type) =>
        new() { EventId = $"{user}-{title}-{type}-{at}", UserId = user, TitleId = title, Type = type, OccurredAt = at };

    public static InProcessNode Node()
    {
        var node = new InProcessNode(Titles());
        foreach (var engagement in Events())
        {
            node.Apply(engagement);
        }

        return node;
    }
}
