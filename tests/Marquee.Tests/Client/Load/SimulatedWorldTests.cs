using System.Globalization;
using System.IO.Compression;
using Marquee.Cli.Load.Worlds;

namespace Marquee.Tests.Client.Load;

/// <summary>A simulated world is what its laws say, and the laws are what the sample says.</summary>
public sealed class SimulatedWorldTests
{
    private const int Draws = 200_000;

    private static readonly (string TitleId, string[] Genres)[] SampleTitles =
        [.. ReadSample("movies").Select(fields => (fields[0], fields[3].Split('|', StringSplitOptions.RemoveEmptyEntries)))];

    private static readonly (string UserId, string TitleId, int Rating)[] SampleRatings =
        [.. ReadSample("ratings").Select(fields => (fields[0], fields[1], int.Parse(fields[2], CultureInfo.InvariantCulture)))];

    [Fact]
    public void World_OfASeed_IsTheSameInAnyOrder()
    {
        var (world, twin, other) = (World(7), World(7), World(8));
        var forwards = Enumerable.Range(0, 500).Select(number => EngagementAt(world, number)).ToArray();
        var backwards = Enumerable.Range(0, 500).Reverse().Select(number => EngagementAt(twin, number)).Reverse().ToArray();

        Assert.Equal(forwards, backwards);
        Assert.Equal(Metadata(world.Titles, 7), Metadata(twin.Titles, 7));
        Assert.NotEqual(forwards, [.. Enumerable.Range(0, 500).Select(number => EngagementAt(other, number))]);

        static string[] Metadata(WorldTitles titles, int seed) =>
            [.. Enumerable.Range(0, titles.Count).Select(rank => titles.MetadataOf(seed, rank)).Select(title => $"{title.TitleId} {title.ReleaseYear} {string.Join('|', title.Genres!)}")];
    }

    [Fact]
    public void DrawTitle_Often_HasTheFrequenciesOfTheLaw()
    {
        var world = World(1);
        var weights = SampleLaw.Weights(world.Titles.Count, SampleLaw.TitleExponent, SampleLaw.TitleShift);

        AssertFrequencies(weights, (ref chance) => world.DrawTitle(ref chance));
    }

    [Fact]
    public void DrawUser_Often_HasTheFrequenciesOfTheLaw()
    {
        var world = World(1);
        var weights = SampleLaw.Weights(world.Users, SampleLaw.UserExponent, SampleLaw.UserShiftShare * world.Users);

        AssertFrequencies(weights, (ref chance) => world.DrawUser(ref chance));
    }

    /// <summary>With shift 0 the law is Zipf's: the first of n has 1 / H(n, s) of all.</summary>
    [Fact]
    public void Weights_WithoutShift_AreZipfs()
    {
        var weights = SampleLaw.Weights(1_000, 1, 0);
        var harmonic = Enumerable.Range(1, 1_000).Sum(rank => 1.0 / rank);

        Assert.Equal(1 / harmonic, weights[0] / weights.Sum(), 1e-12);
        Assert.Equal(weights[0] / 10, weights[9], 1e-12);
    }

    [Fact]
    public void Popularity_OfTheLaw_IsThatOfTheSample()
    {
        AssertConcentration(SampleRatings.CountBy(rating => rating.TitleId), (count) => SampleLaw.Weights(count, SampleLaw.TitleExponent, SampleLaw.TitleShift), 0.02);
        AssertConcentration(SampleRatings.CountBy(rating => rating.UserId), (count) => SampleLaw.Weights(count, SampleLaw.UserExponent, SampleLaw.UserShiftShare * count), 0.03);

        static void AssertConcentration(IEnumerable<KeyValuePair<string, int>> counts, Func<int, double[]> law, double tolerance)
        {
            double[] sample = [.. counts.Select(pair => (double)pair.Value).OrderDescending()];
            var simulated = law(sample.Length);
            foreach (var share in (double[])[0.01, 0.1, 0.5])
            {
                Assert.Equal(HeadShare(sample, share), HeadShare(simulated, share), tolerance);
            }
        }

        static double HeadShare(double[] weights, double share) => weights.Take((int)(weights.Length * share)).Sum() / weights.Sum();
    }

    [Fact]
    public void Counts_OfTheLaw_AreThoseOfTheSample()
    {
        var genres = SampleTitles.ToDictionary(title => title.TitleId, title => title.Genres);
        var ratings = (double)SampleRatings.Length;
        foreach (var (name, share) in SampleLaw.Genres)
        {
            Assert.Equal(SampleRatings.Count(rating => genres[rating.TitleId].Contains(name)) / ratings, share, 0.001);
        }

        for (var count = 1; count <= SampleLaw.TitlesByGenreCount.Length; count++)
        {
            Assert.Equal(SampleTitles.Count(title => title.Genres.Length == count), SampleLaw.TitlesByGenreCount[count - 1]);
        }

        Assert.Equal(SampleLaw.EventsPerUser, SampleRatings.Length / (double)SampleRatings.DistinctBy(rating => rating.UserId).Count(), 0.01);
        Assert.Equal(SampleRatings.Count(rating => rating.Rating >= 9), SampleLaw.Engagements.Single(engagement => engagement.Type == "like").Ratings);
        Assert.Equal(SampleRatings.Count(rating => rating.Rating is 7 or 8), SampleLaw.Engagements.Single(engagement => engagement.Type == "complete").Ratings);
        Assert.Equal(SampleRatings.Count(rating => rating.Rating < 7), SampleLaw.Engagements.Where(engagement => engagement.Type == "rate").Sum(engagement => engagement.Ratings));
    }

    /// <summary>How much more often two titles of one user share a genre than two titles of different users, as a share of what chance leaves.</summary>
    [Fact]
    public void Taste_OfTheLaw_IsAsStrongAsInTheSample()
    {
        var genres = SampleTitles.ToDictionary(title => title.TitleId, title => title.Genres);
        var byUser = SampleRatings.GroupBy(rating => rating.UserId).Where(group => group.Count() > 1).Select(group => group.Select(rating => genres[rating.TitleId]).ToArray()).ToArray();
        var order = new Random(1);
        var together = byUser.SelectMany(titles => Enumerable.Range(0, Math.Min(20, titles.Length)).Select(_ => order.GetItems(titles, 2))).Average(SharesGenre);
        string[][] all = [.. SampleRatings.Select(rating => genres[rating.TitleId])];
        var apart = Enumerable.Range(0, Draws).Average(_ => SharesGenre(order.GetItems(all, 2)));

        Assert.Equal(Lift(together, apart), SimulatedLift(), 0.04);

        static double SharesGenre(string[][] pair) => pair[0] != pair[1] && pair[0].Intersect(pair[1]).Any() ? 1 : 0;
    }

    private static IEnumerable<string[]> ReadSample(string name)
    {
        using var reader = new StreamReader(new GZipStream(typeof(SimulatedWorldTests).Assembly.GetManifestResourceStream($"Sample.{name}.tsv.gz")!, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t');
        }
    }

    private static double Lift(double together, double apart) => (together - apart) / (1 - apart);

    private static double SimulatedLift()
    {
        var world = World(3);
        var byUser = Enumerable.Range(0, Draws).Select(number => EngagementAt(world, number)).GroupBy(engagement => engagement.User).Select(group => group.Select(engagement => engagement.Title).ToArray()).ToArray();
        int[] all = [.. byUser.SelectMany(titles => titles)];
        var order = new Random(1);
        var together = byUser.Where(titles => titles.Length > 1).SelectMany(titles => Enumerable.Range(0, 20).Select(_ => order.GetItems(titles, 2))).Average(Shares);
        return Lift(together, Enumerable.Range(0, Draws).Average(_ => Shares(order.GetItems(all, 2))));

        double Shares(int[] pair) => pair[0] != pair[1] && Enumerable.Range(0, world.Titles.GenreNames.Count).Any(genre => world.Titles.Has(pair[0], genre) && world.Titles.Has(pair[1], genre)) ? 1 : 0;
    }

    private static SimulatedWorld World(int seed) => new(seed, 2_000, WorldTitles.Simulated(seed, 3_000));

    private static Engagement EngagementAt(SimulatedWorld world, long number)
    {
        var chance = world.ChanceAt(ChanceStream.Traffic, number);
        return world.DrawEngagement(ref chance);
    }

    private delegate int Draw(ref Chance chance);

    /// <summary>Pearson's test over ranks that are drawn some tens of times each: the statistic is within six of its standard deviations.</summary>
    private static void AssertFrequencies(double[] weights, Draw draw)
    {
        var counts = new int[weights.Length];
        var chance = Chance.Of(11, ChanceStream.Traffic, 0);
        for (var i = 0; i < Draws; i++)
        {
            counts[draw(ref chance)]++;
        }

        var sum = weights.Sum();
        var statistic = weights.Zip(counts, (weight, count) => (Expected: Draws * weight / sum, count)).Sum(pair => (pair.count - pair.Expected) * (pair.count - pair.Expected) / pair.Expected);
        Assert.InRange(statistic, 0, weights.Length + (6 * Math.Sqrt(2.0 * weights.Length)));
    }
}
