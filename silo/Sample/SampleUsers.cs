using System.Collections.Immutable;
using Marquee.Gateway.Samples;

namespace Marquee.Silo.Sample;

/// <summary>The sample's most active viewers with different tastes, for newcomers to try the service as.</summary>
public sealed class SampleUsers(SiloOptions options) : ISampleUsers
{
    private const int Count = 24;
    private const int FewestRatings = 40;
    private const int MostRatings = 400;
    private const int GenresShown = 3;

    private readonly Lazy<Task<ImmutableArray<SampleUser>>> _users = new(() => Task.Run(Choose));

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<SampleUser>> ListAsync(CancellationToken cancellationToken) =>
        options.Sample == "none" ? [] : await _users.Value.WaitAsync(cancellationToken);

    private static ImmutableArray<SampleUser> Choose()
    {
        var genres = MovieTweetingsSample.ReadTitles().ToDictionary(title => title.TitleId, title => title.Genres);
        var everywhere = genres.Values.SelectMany(all => all).CountBy(genre => genre).ToDictionary();
        return
        [
            .. MovieTweetingsSample.ReadRatings()
                .GroupBy(rating => rating.UserId)
                .Where(ratings => ratings.Count() is >= FewestRatings and <= MostRatings)
                .Select(ratings => new SampleUser(ratings.Key, ratings.Count(), Favourites(ratings, genres, everywhere)))
                .Where(user => user.FavouriteGenres.Length == GenresShown)

                // One of each taste first: a newcomer sees at once that answers differ.
                .GroupBy(user => user.FavouriteGenres[0])
                .SelectMany(alike => alike.OrderByDescending(user => user.Events).Select((user, place) => (user, place)))
                .OrderBy(pair => pair.place)
                .ThenByDescending(pair => pair.user.Events)
                .Take(Count)
                .Select(pair => pair.user),
        ];
    }

    /// <summary>Genres that the viewer likes more than the catalogue has of them.</summary>
    private static ImmutableArray<string> Favourites(
        IEnumerable<SampleRating> ratings,
        Dictionary<string, string[]> genres,
        Dictionary<string, int> everywhere) =>
    [
        .. ratings.Where(rating => rating.Rating >= 7 && genres.ContainsKey(rating.TitleId))
            .SelectMany(rating => genres[rating.TitleId])
            .CountBy(genre => genre)
            .Where(pair => pair.Value >= 5)
            .OrderByDescending(pair => pair.Value / Math.Sqrt(everywhere[pair.Key]))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(GenresShown)
            .Select(pair => pair.Key),
    ];
}
