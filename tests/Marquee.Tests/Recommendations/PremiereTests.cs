using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;
using Marquee.Training.Baselines;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;

namespace Marquee.Tests.Recommendations;

/// <summary>A film in a foreign language opens in the sample world: who would like it gets it before it is popular, and when it is, everyone sees it.</summary>
/// <remarks>
/// Weeks of the sample, with an audience planted in it: viewers who besides what they share with everyone like a
/// dozen Korean films. Another Korean film comes, of which only metadata is known, and fifty of the audience play it within
/// a month, while the sample goes on; the others are asked. A system that knows only popularity is asked the same at the same moments.
/// </remarks>
public sealed class PremiereTests
{
    private const int Audience = 150;
    private const int Plays = 50;
    private const string Premiere = "premiere";

    private static readonly Lazy<World> Planted = new(World.Create);

    [Fact]
    public void Recommend_ToTheAudienceOfAPremiere_FindsItFiveTimesAsOftenAsPopularity()
    {
        var world = Planted.Value.Fresh();
        int ours = 0, popular = 0, asked = 0;
        for (var play = 0; play < Plays; play++)
        {
            if (play % 10 == 0)
            {
                for (var viewer = Plays; viewer < Audience; viewer += 4)
                {
                    ours += world.IsRecommended($"audience-{viewer}", 10) ? 1 : 0;
                    popular += world.IsPopular($"audience-{viewer}") ? 1 : 0;
                    asked++;
                }
            }

            world.GoOn();
            world.Play($"audience-{play}", world.Now + 1);
        }

        Assert.True(ours >= 0.3 * asked, $"{ours} of {asked} answers show the premiere");
        Assert.True(ours >= 5 * popular, $"{ours} of {asked} answers show the premiere, {popular} by popularity");
    }

    [Fact]
    public void Trending_SurgeOfOneSecond_HasTheTitleAtOnce()
    {
        var world = Planted.Value.Fresh();
        Assert.DoesNotContain(Premiere, world.Trending());

        for (var play = 0; play < Plays; play++)
        {
            world.Play($"audience-{play}", world.Now + 20);
        }

        Assert.Contains(Premiere, world.Trending().Take(3));
    }

    /// <summary>The world before the premiere, to be continued by each test on its own.</summary>
    private sealed class World(InteractionDataSet data, Interaction[] later, Engine.Models.PublishedModel model)
    {
        private const int PastEvents = 14_000;
        private const int EventsBetweenPlays = 300;
        private const int KoreanFilms = 12;
        private readonly InProcessNode _node = new(data.Titles);
        private readonly PopularityBaseline _popularity = new(data, 2);
        private readonly Scratch _scratch = new();
        private int _next;
        private readonly Dictionary<string, int> _users = data.UserIds.Select((user, i) => (user, i)).ToDictionary();

        public long Now { get; private set; } = data.Interactions[^1].Event.OccurredAt;

        public static World Create()
        {
            var sample = MovieLensReader.Read(Path.Combine(Root(), "sample", "movietweetings-2013"));
            var titles = sample.Titles.ToList();
            var premiere = titles.Count + KoreanFilms;
            titles.AddRange(Enumerable.Range(0, KoreanFilms + 1).Select(i => new TitleMetadata
            {
                TitleId = i == KoreanFilms ? Premiere : $"korean-{i}",
                Name = i == KoreanFilms ? "Hwayi" : $"Seoul {i}",
                ReleaseYear = i == KoreanFilms ? 2013 : 2001 + i,
                Genres = ["Drama", "Thriller"],
                Languages = ["ko"],
                Countries = ["KR"],
                People = [$"Director {i % 3}"],
            }));
            var users = sample.UserIds.ToList();
            users.AddRange(Enumerable.Range(0, Audience).Select(static i => $"audience-{i}"));
            var random = new Random(1);
            var later = sample.Interactions[^(Plays * EventsBetweenPlays)..];
            var recent = sample.Interactions[^(PastEvents + later.Length)..^later.Length];
            var shared = recent.Where(static interaction => interaction.IsPositive).Select(static interaction => interaction.Title).ToArray();
            var (from, until) = (recent[0].Event.OccurredAt, recent[^1].Event.OccurredAt);
            var planted = new List<Interaction>();
            for (var viewer = 0; viewer < Audience; viewer++)
            {
                int[] watched =
                [
                    .. Enumerable.Range(0, 4).Select(_ => shared[random.Next(shared.Length)]),
                    .. Enumerable.Range(sample.Titles.Count, KoreanFilms).OrderBy(_ => random.Next()).Take(4),
                ];
                planted.AddRange(watched.Distinct().Select(title => new Interaction(
                    sample.UserIds.Count + viewer,
                    title,
                    SmallWorld.Like($"audience-{viewer}", titles[title].TitleId, random.NextInt64(from, until)),
                    IsPositive: true)));
            }

            var data = new InteractionDataSet("planted", titles, users, [.. recent.Concat(planted).OrderBy(static interaction => interaction.Event.OccurredAt)]);
            var node = new InProcessNode(titles);
            foreach (var interaction in data.Interactions)
            {
                node.ApplyToTitles(interaction.Event);
            }

            Assert.Null(data.Interactions.Select(static interaction => (int?)interaction.Title).FirstOrDefault(title => title == premiere));
            return new World(data, later, ModelTrainer.WithEmbeddings(node.Model, data.Interactions, node.CatalogueFor([]), new EmbeddingOptions { Dimension = 16, Sweeps = 4 }));
        }

        public World Fresh()
        {
            var world = new World(data, later, model);
            world._node.Model = model;
            foreach (var interaction in data.Interactions)
            {
                world._node.Apply(interaction.Event);
                world._popularity.Learn(interaction);
            }

            return world;
        }

        /// <summary>The world goes on until the next play.</summary>
        public void GoOn()
        {
            for (var i = 0; i < EventsBetweenPlays; i++)
            {
                _node.Apply(later[_next].Event);
                _popularity.Learn(later[_next]);
                Now = later[_next++].Event.OccurredAt;
            }
        }

        public void Play(string user, long at)
        {
            var play = SmallWorld.Event(user, Premiere, at, EngagementType.Play);
            Now = at;
            _node.Apply(play);
            _popularity.Learn(new Interaction(_users[user], data.Titles.Count - 1, play, IsPositive: true));
        }

        public bool IsRecommended(string user, int count)
        {
            var taste = _node.TasteOf(user);
            var catalogue = _node.CatalogueFor(taste.Recent.Select(static entry => entry.Title));
            return RecommendationPipeline.Recommend(new RecommendationRequest { Now = Now, Count = count }, taste, catalogue, _scratch)
                .Items.Any(static item => item.TitleId == Premiere);
        }

        public bool IsPopular(string user)
        {
            var question = SmallWorld.Event(user, Premiere, Now, EngagementType.Play);
            return _popularity.Rank(new Interaction(_users[user], data.Titles.Count - 1, question, IsPositive: true)) <= 10;
        }

        public IEnumerable<string> Trending() =>
            RecommendationPipeline.Recommend(
                new RecommendationRequest { Now = Now, Count = 10, Surface = Surfaces.Trending }, _node.TasteOf("nobody"), _node.CatalogueFor([]), _scratch)
                .Items.Select(static item => item.TitleId);

        private static string Root()
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("The tests are not run within the repository.");
        }
    }
}
