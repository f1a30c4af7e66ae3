using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Training;

/// <summary>What being live is worth where viewers watch several short titles of one theme in a sitting, another theme each time.</summary>
public sealed class StalenessTests(ITestOutputHelper output)
{
    private const int Themes = 30;
    private const int TitlesPerTheme = 20;
    private const int Sittings = 700;
    private const int TitlesPerSitting = 8;
    private const int Viewers = 120;

    [Fact]
    public void Run_DenseSessions_LiveStateIsWorthThreeTimesAnHourOldOne()
    {
        var data = Sessions();
        var recall = new Dictionary<TimeSpan, double>();
        foreach (var staleness in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)])
        {
            var model = new EngineModel(data.Titles, new EngineModelOptions { WarmUpEvents = 500, Embeddings = null });
            recall[staleness] = PrequentialProtocol.Run(data, model, new PrequentialOptions { Staleness = staleness }).Test.Recall10;
            output.WriteLine($"state older by {staleness}: Recall@10 {recall[staleness]:0.0000}");
        }

        Assert.True(recall[TimeSpan.Zero] > 3 * recall[TimeSpan.FromHours(1)], "Live state is not worth three times an hour-old one.");
        Assert.True(recall[TimeSpan.FromMinutes(1)] > recall[TimeSpan.FromHours(1)], "State older by a minute is worth no more than state older by an hour.");
    }

    /// <summary>Sittings of eight titles within half an hour, each by a viewer and of a theme that are drawn at random.</summary>
    private static InteractionDataSet Sessions()
    {
        var titles = Enumerable.Range(0, Themes * TitlesPerTheme)
            .Select(i => new TitleMetadata { TitleId = $"title-{i}", Name = $"Title {i}", ReleaseYear = 2020 })
            .ToArray();
        var random = new Random(7);
        var events = new List<(long At, int Viewer, int Title)>();
        for (var sitting = 0; sitting < Sittings; sitting++)
        {
            var (viewer, theme) = (random.Next(Viewers), random.Next(Themes));
            var at = 1_600_000_000_000 + (sitting * 20 * 60_000L);
            foreach (var title in Enumerable.Range(0, TitlesPerTheme).OrderBy(_ => random.Next()).Take(TitlesPerSitting))
            {
                events.Add((at, viewer, (theme * TitlesPerTheme) + title));
                at += 4 * 60_000;
            }
        }

        string[] users = [.. Enumerable.Range(0, Viewers).Select(viewer => $"viewer-{viewer}")];
        return new InteractionDataSet("sessions", titles, users,
        [
            .. events.OrderBy(next => next.At).Select((next, i) => new Interaction(
                next.Viewer,
                next.Title,
                new EngagementEvent { EventId = $"{i}", UserId = users[next.Viewer], TitleId = titles[next.Title].TitleId, Type = EngagementType.Complete, OccurredAt = next.At },
                IsPositive: true)),
        ]);
    }
}
