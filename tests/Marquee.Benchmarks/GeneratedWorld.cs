using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Benchmarks;

/// <summary>Catalogues, viewers and events of any size from a seed. What they like means nothing; how much there is of everything is as in a real catalogue.</summary>
/// <param name="seed">The same seed gives the same world.</param>
internal sealed class GeneratedWorld(int seed)
{
    /// <summary>The event time at which the world stands.</summary>
    public const long Now = 1_700_000_000_000;

    private const long Day = 86_400_000;
    private const int NeighboursEach = 32;

    private static readonly string[] Genres =
        ["Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy", "History", "Horror", "Music", "Mystery", "Romance", "Sci-Fi", "Sport", "Thriller", "War", "Western"];

    private readonly Random _random = new(seed);

    /// <summary>Numbers the titles.</summary>
    public TitleTable Titles { get; } = new();

    /// <summary>The id of a title, by popularity: 0 is the most popular.</summary>
    public static string TitleId(int title) => $"tt{title:D7}";

    /// <summary>Metadata as a service gives it.</summary>
    public TitleMetadata Metadata(int title) => new()
    {
        TitleId = TitleId(title),
        Name = $"A Film of Number {title}",
        Genres = [.. Enumerable.Range(0, 1 + (int)(2.5 * _random.NextDouble())).Select(_ => Genres[_random.Next(Genres.Length)]).Distinct()],
        ReleaseYear = 2023 - (int)(60 * Math.Pow(_random.NextDouble(), 2)),
        Languages = [_random.Next(3) == 0 ? "fr" : "en"],
        People = [$"person-{_random.Next(20_000)}", $"person-{_random.Next(20_000)}", $"person-{_random.Next(2_000)}"],
    };

    /// <summary>A catalogue of n titles with everything that ranking reads.</summary>
    /// <param name="count">n.</param>
    /// <param name="dimension">d of the embeddings, 0 for no model.</param>
    public CatalogueSnapshot Catalogue(int count, int dimension)
    {
        var model = dimension == 0 ? PublishedModel.Untrained : Model(count, dimension);
        var rows = Enumerable.Range(0, count).Select(title => new CatalogueRow(TitleId(title), Metadata(title), Statistics(title), Neighbours(title, count))).ToList();
        return CatalogueSnapshot.Empty(Titles).With(model, rows, [], Now, 1);
    }

    /// <summary>A model with random embeddings, the ranker that comes with the program, and a network of interplay.</summary>
    public PublishedModel Model(int count, int dimension)
    {
        var embeddings = Gaussian(count * dimension, 1 / Math.Sqrt(dimension));
        var ranker = PublishedModel.Untrained.Ranker;
        var inputs = ranker.Features.Length + ranker.Contexts.Length + 1;
        var untrained = InterplayNetwork.Untrained(inputs);
        return PublishedModel.Untrained with
        {
            Version = "generated",
            Embeddings = new EmbeddingModel(dimension, [.. Enumerable.Range(0, count).Select(TitleId)], embeddings, 0.01f, 1),
            Ranker = new AdditiveRanker(ranker.Features, ranker.Contexts, ranker.CandidateWeights, ranker.RankingWeights)
            {
                Interplay = new InterplayNetwork(inputs, untrained.InputWeights, untrained.Biases, Gaussian(InterplayNetwork.Hidden, 0.1)),
            },
        };
    }

    /// <summary>A viewer's taste after some events, the newest an hour ago.</summary>
    /// <param name="events">How many.</param>
    /// <param name="titles">Among how many titles.</param>
    public TasteState Taste(int events, int titles)
    {
        var taste = new TasteState(Titles);
        foreach (var engagement in Events("viewer", events, titles))
        {
            taste.Apply(engagement);
        }

        return taste;
    }

    /// <summary>A viewer's events in order, the newest an hour ago.</summary>
    public IEnumerable<EngagementEvent> Events(string user, int events, int titles) =>
        Enumerable.Range(0, events).Select(i => Event($"{user}-{i}", user, titles, Now - ((events - i) * 3_600_000L)));

    /// <summary>One event: a popular title more likely than others, liked more often than not.</summary>
    public EngagementEvent Event(string id, string user, int titles, long at) => new()
    {
        EventId = id,
        UserId = user,
        TitleId = TitleId(Popular(titles)),
        Type = _random.Next(4) == 0 ? EngagementType.Abandon : EngagementType.Complete,
        OccurredAt = at,
    };

    /// <summary>Numbers of the normal distribution.</summary>
    public float[] Gaussian(int count, double deviation)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        }

        return values;
    }

    /// <summary>Log-uniform: title i with a probability like 1 / i.</summary>
    private int Popular(int titles) => Math.Min(titles - 1, (int)Math.Pow(titles, _random.NextDouble()) - 1);

    private TitleSummary Statistics(int title)
    {
        var events = 20 + (100_000 / (title + 1));
        var counts = new long[TitleSummary.Types];
        counts[(int)EngagementType.Complete] = events;
        var popularity = default(DecayedPopularity);
        var last = Now - (long)(_random.NextDouble() * 30 * Day);
        for (var i = 0; i < 3; i++)
        {
            popularity.Add(last - ((3 - i) * Day));
        }

        return new TitleSummary
        {
            Counts = counts,
            EventCount = events,
            Positives = events * 3 / 4,
            Verdicts = events,
            Popularity = popularity,
            FirstEventAt = Now - (long)(_random.NextDouble() * 700 * Day) - (31 * Day),
            LastEventAt = last,
        };
    }

    private TitleNeighbours Neighbours(int title, int titles)
    {
        var neighbours = new TitleNeighbours(new int[NeighboursEach], new float[NeighboursEach], new float[NeighboursEach]);
        for (var i = 0; i < NeighboursEach; i++)
        {
            neighbours.Numbers[i] = Titles.NumberOf(TitleId((title + 1 + _random.Next(Math.Min(titles, 1_000))) % titles));
            neighbours.Transitions[i] = NeighboursEach - i;
            neighbours.CoWatches[i] = 2 * (NeighboursEach - i);
        }

        return neighbours;
    }
}
