using System.Globalization;

namespace Marquee.Cli.Load.Worlds;

/// <summary>Users with planted tastes, and titles: a pure function of the seed and the sizes, whatever is asked of it in which order.</summary>
/// <remarks>
/// Users are not kept: a user's two favourite genres are drawn anew from the user's number each time. An event goes to a title
/// of a favourite genre in <see cref="SampleLaw.TasteShare"/> of cases, else to any; either way the more popular of them the more
/// likely. Memory: 8 bytes per user, about 60 per title, about 12 per title and genre.
/// </remarks>
internal sealed class SimulatedWorld
{
    private static readonly WeightedChoice EngagementChoice = new([.. SampleLaw.Engagements.Select(engagement => engagement.Ratings)]);

    private readonly int _seed;
    private readonly WeightedChoice _users;
    private readonly WeightedChoice _titles;
    private readonly WeightedChoice? _genres;
    private readonly int[][] _ranksByGenre;
    private readonly WeightedChoice[] _titlesByGenre;

    /// <param name="seed">Decides everything.</param>
    /// <param name="users">Number of users, at least 1.</param>
    /// <param name="titles">The titles, at least 1.</param>
    public SimulatedWorld(int seed, int users, WorldTitles titles)
    {
        (_seed, Users, Titles) = (seed, users, titles);
        _users = new WeightedChoice(SampleLaw.Weights(users, SampleLaw.UserExponent, SampleLaw.UserShiftShare * users));
        var weights = SampleLaw.Weights(titles.Count, SampleLaw.TitleExponent, SampleLaw.TitleShift);
        _titles = new WeightedChoice(weights);

        _ranksByGenre = [.. Enumerable.Range(0, titles.GenreNames.Count)
            .Select(genre => Enumerable.Range(0, titles.Count).Where(rank => titles.Has(rank, genre)).ToArray())
            .Where(ranks => ranks.Length > 0)];
        double[][] weightsByGenre = [.. _ranksByGenre.Select(ranks => ranks.Select(rank => weights[rank]).ToArray())];
        _titlesByGenre = [.. weightsByGenre.Select(genre => new WeightedChoice(genre))];
        _genres = _titlesByGenre.Length == 0 ? null : new WeightedChoice([.. weightsByGenre.Select(genre => genre.Sum())]);
    }

    /// <summary>Number of users.</summary>
    public int Users { get; }

    /// <summary>The titles, the most popular first.</summary>
    public WorldTitles Titles { get; }

    /// <summary>The prefix of user ids; a user's id is it and the number.</summary>
    public string UserPrefix => string.Create(CultureInfo.InvariantCulture, $"w{_seed}-u");

    /// <summary>A user, the more active the more likely; 0 to <see cref="Users"/> − 1.</summary>
    public int DrawUser(ref Chance chance) => _users.Draw(ref chance);

    /// <summary>A title's rank, whatever the user.</summary>
    public int DrawTitle(ref Chance chance) => _titles.Draw(ref chance);

    /// <summary>What a user does next.</summary>
    public Engagement DrawEngagement(ref Chance chance)
    {
        var user = DrawUser(ref chance);
        var title = chance.NextShare() < SampleLaw.TasteShare ? DrawFavourite(user, ref chance) : DrawTitle(ref chance);
        var (type, stars, _) = SampleLaw.Engagements[EngagementChoice.Draw(ref chance)];
        return new Engagement(user, title, type, stars);
    }

    /// <summary>The numbers of one place in this world.</summary>
    public Chance ChanceAt(ChanceStream stream, long number) => Chance.Of(_seed, stream, number);

    private int DrawFavourite(int user, ref Chance chance)
    {
        if (_genres is null)
        {
            return DrawTitle(ref chance);
        }

        var taste = ChanceAt(ChanceStream.Taste, user);
        Span<int> favourites = stackalloc int[SampleLaw.FavouriteGenres];
        foreach (ref var favourite in favourites)
        {
            favourite = _genres.Draw(ref taste);
        }

        var genre = favourites[chance.NextBelow(favourites.Length)];
        return _ranksByGenre[genre][_titlesByGenre[genre].Draw(ref chance)];
    }
}

/// <summary>One engagement of a simulated user.</summary>
/// <param name="User">The user's number.</param>
/// <param name="Title">The title's popularity rank.</param>
/// <param name="Type">The event's type, as the API names it.</param>
/// <param name="Stars">For <c>rate</c>.</param>
internal readonly record struct Engagement(int User, int Title, string Type, double? Stars);
