using System.Globalization;
using Marquee.Client.Titles;

namespace Marquee.Cli.Load.Worlds;

/// <summary>The titles of a world, the most popular first: ids and genres, and nothing else that the load needs not.</summary>
internal sealed class WorldTitles
{
    private const int GenresMax = 64;

    private static readonly WeightedChoice DecadeChoice = new([.. SampleLaw.Decades.Select(decade => decade.Titles)]);

    private readonly string[] _ids;
    private readonly ulong[] _genres;

    private WorldTitles(string[] ids, ulong[] genres, IReadOnlyList<string> genreNames)
    {
        _ids = ids;
        _genres = genres;
        GenreNames = genreNames;
    }

    /// <summary>Number of titles.</summary>
    public int Count => _ids.Length;

    /// <summary>The genres that <see cref="Has"/> counts, at most 64.</summary>
    public IReadOnlyList<string> GenreNames { get; }

    /// <summary>The id of the title of a popularity rank from 0.</summary>
    public string IdOf(int rank) => _ids[rank];

    /// <summary>Whether the title of a rank has a genre.</summary>
    public bool Has(int rank, int genre) => (_genres[rank] >> genre & 1) != 0;

    /// <summary>Titles that are a function of the seed and their number.</summary>
    public static WorldTitles Simulated(int seed, int count)
    {
        var ids = new string[count];
        for (var number = 0; number < count; number++)
        {
            ids[number] = string.Create(CultureInfo.InvariantCulture, $"w{seed}-t{number}");
        }

        // Catalogue order is not the order of popularity: the memory that popular titles touch should lie as scattered as it does in use.
        var order = Chance.Of(seed, ChanceStream.Popularity, 0);
        for (var i = count - 1; i > 0; i--)
        {
            var j = order.NextBelow(i + 1);
            (ids[i], ids[j]) = (ids[j], ids[i]);
        }

        var (genreChoice, countChoice) = (new WeightedChoice([.. SampleLaw.Genres.Select(genre => genre.Share)]), new WeightedChoice(SampleLaw.TitlesByGenreCount));
        var genres = new ulong[count];
        for (var rank = 0; rank < count; rank++)
        {
            var chance = Chance.Of(seed, ChanceStream.Title, rank);
            for (var left = 1 + countChoice.Draw(ref chance); left > 0;)
            {
                var bit = 1UL << genreChoice.Draw(ref chance);
                left -= (genres[rank] & bit) == 0 ? 1 : 0;
                genres[rank] |= bit;
            }
        }

        return new WorldTitles(ids, genres, [.. SampleLaw.Genres.Select(genre => genre.Name)]);
    }

    /// <summary>Titles that a node holds already.</summary>
    /// <param name="titles">The most popular first, as the node lists them; at least one.</param>
    public static WorldTitles Of(IReadOnlyList<Title> titles)
    {
        string[] names = [.. titles.SelectMany(title => title.Genres ?? []).CountBy(genre => genre).OrderByDescending(pair => pair.Value).Take(GenresMax).Select(pair => pair.Key)];
        var bits = names.Index().ToDictionary(genre => genre.Item, genre => 1UL << genre.Index);
        return new WorldTitles(
            [.. titles.Select(title => title.TitleId)],
            [.. titles.Select(title => (title.Genres ?? []).Aggregate(0UL, (mask, genre) => mask | bits.GetValueOrDefault(genre)))],
            names);
    }

    /// <summary>The metadata of a title of <see cref="Simulated"/>, as the catalogue takes it.</summary>
    /// <param name="seed">The seed of the titles.</param>
    /// <param name="rank">The title's rank.</param>
    public Title MetadataOf(int seed, int rank)
    {
        // Ranks are from 0, so that the places below are free.
        var chance = Chance.Of(seed, ChanceStream.Title, ~rank);
        var (decade, _) = SampleLaw.Decades[DecadeChoice.Draw(ref chance)];
        return new Title
        {
            TitleId = _ids[rank],
            Name = $"Title {_ids[rank]}",
            ReleaseYear = decade + chance.NextBelow(decade == 2010 ? 4 : 10),
            Genres = [.. Enumerable.Range(0, GenreNames.Count).Where(genre => Has(rank, genre)).Select(genre => GenreNames[genre])],
        };
    }
}
