namespace Marquee.Cli.Load.Worlds;

/// <summary>What is taken over from the sample (MovieTweetings 2013: 141,695 ratings, 21,081 users, 12,611 titles) into a simulated world.</summary>
/// <remarks>The figures are maximum-likelihood fits or plain counts; a test derives what they say from the sample again.</remarks>
internal static class SampleLaw
{
    /// <summary>Titles: a title of rank k gets events in proportion to (k + shift) to the power of −exponent (Zipf and Mandelbrot).</summary>
    /// <remarks>Plain Zipf fits the tail and gives the first titles four times what they have.</remarks>
    public const double TitleExponent = 1.15;

    /// <summary>The shift of <see cref="TitleExponent"/>, in ranks.</summary>
    public const double TitleShift = 18;

    /// <summary>Users: the same law of how active they are.</summary>
    public const double UserExponent = 1.4;

    /// <summary>The shift of <see cref="UserExponent"/> as a share of all users: ten times the users are as unevenly active as before.</summary>
    public const double UserShiftShare = 600.0 / 21_081;

    /// <summary>Ratings per user.</summary>
    public const double EventsPerUser = 6.72;

    /// <summary>How many genres a user favours.</summary>
    public const int FavouriteGenres = 2;

    /// <summary>The share of events in which a user goes for a favourite genre; the others follow popularity alone.</summary>
    /// <remarks>
    /// Two titles of one user share a genre in 59.7 % of cases, titles of two users in 52.0 %: 16 % of what chance leaves.
    /// With this share it is 16 % in a simulated world too, where both are lower because genres come independently of each other.
    /// </remarks>
    public const double TasteShare = 0.42;

    /// <summary>Genres and the share of ratings whose title has it.</summary>
    public static readonly (string Name, double Share)[] Genres =
    [
        ("Drama", 0.454), ("Thriller", 0.379), ("Action", 0.336), ("Comedy", 0.260), ("Adventure", 0.202), ("Sci-Fi", 0.199), ("Crime", 0.192),
        ("Romance", 0.121), ("Fantasy", 0.108), ("Horror", 0.107), ("Mystery", 0.075), ("Family", 0.054), ("Biography", 0.053), ("Animation", 0.043),
        ("History", 0.033), ("War", 0.023), ("Sport", 0.021), ("Documentary", 0.018), ("Western", 0.016), ("Music", 0.014), ("Musical", 0.011),
    ];

    /// <summary>Titles with one genre, two, … five; the few without or with more are left out.</summary>
    public static readonly double[] TitlesByGenreCount = [3_189, 3_862, 3_203, 1_678, 496];

    /// <summary>First years of decades and the titles released in each.</summary>
    public static readonly (int Year, double Titles)[] Decades =
    [
        (1910, 13), (1920, 68), (1930, 182), (1940, 255), (1950, 371), (1960, 506), (1970, 706), (1980, 1_113), (1990, 1_593), (2000, 3_769), (2010, 4_033),
    ];

    /// <summary>
    /// Ratings as events, by the mapping of <c>import</c>: 9–10 points like, 7–8 complete, less rate, with half the points as stars.
    /// They do not depend on taste: inside a user's favourite genres ratings are as elsewhere, within two points of a hundred.
    /// </summary>
    public static readonly (string Type, double? Stars, double Ratings)[] Engagements =
    [
        ("like", null, 37_024), ("complete", null, 65_376), ("rate", 3, 18_645), ("rate", 2.5, 9_777), ("rate", 2, 4_862), ("rate", 1.5, 2_636), ("rate", 1, 1_600), ("rate", 0.5, 1_775),
    ];

    /// <summary>Weights of ranks, the first rank first.</summary>
    /// <param name="count">How many ranks.</param>
    /// <param name="exponent">Above 0.</param>
    /// <param name="shift">At least 0; 0 is Zipf's law.</param>
    public static double[] Weights(int count, double exponent, double shift)
    {
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = Math.Pow(i + 1 + shift, -exponent);
        }

        return weights;
    }
}
