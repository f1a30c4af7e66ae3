using BenchmarkDotNet.Attributes;
using Marquee.Engine.Titles;

namespace Marquee.Benchmarks.Micro;

/// <summary>A title's statistics summed over the shares of 64 partitions.</summary>
public class TitleMergePair
{
    private const int Partitions = 64;

    private readonly TitleStatistics _statistics = new();
    private readonly TitleSummary[] _shares = new TitleSummary[Partitions];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(6);
        for (var partition = 0; partition < Partitions; partition++)
        {
            var popularity = default(DecayedPopularity);
            var at = GeneratedWorld.Now;
            for (var i = 0; i < 20; i++)
            {
                popularity.Add(at += random.Next(10_000_000));
            }

            _shares[partition] = new TitleSummary
            {
                Counts = [.. Enumerable.Range(0, TitleSummary.Types).Select(_ => random.NextInt64(1_000))],
                EventCount = random.Next(1_000),
                Positives = random.Next(1_000),
                Verdicts = random.Next(1_000),
                Popularity = popularity,
                FirstEventAt = GeneratedWorld.Now + random.Next(1_000),
                LastEventAt = at,
            };
            _statistics.Take(partition, 1, _shares[partition]);
        }

        var (plain, engine) = (Plain(), Engine());
        Agreement.Same(plain.Summary.Counts, engine.Counts, "the counts of a title");
        Agreement.Same(
            [plain.Summary.EventCount, plain.Summary.Positives, plain.Summary.Verdicts, plain.Summary.FirstEventAt, plain.Summary.LastEventAt],
            new[] { engine.EventCount, engine.Positives, engine.Verdicts, engine.FirstEventAt, engine.LastEventAt },
            "the totals of a title");
        var sums = new double[DecayedPopularity.HalfLives];
        engine.Popularity.CopyTo(engine.LastEventAt, sums);
        for (var k = 0; k < sums.Length; k++)
        {
            Agreement.Near(plain.Popularity[k], sums[k], 1e-9 * plain.Popularity[k], "a title's popularity");
        }
    }

    /// <summary>Sums over lists; each share's popularity brought to the newest event by its own exponentials.</summary>
    [Benchmark(Baseline = true)]
    public PlainTotals Plain()
    {
        var last = _shares.Max(share => share.LastEventAt);
        var popularity = new double[DecayedPopularity.HalfLives];
        var sums = new double[DecayedPopularity.HalfLives];
        foreach (var share in _shares)
        {
            share.Popularity.CopyTo(last, sums);
            popularity = [.. popularity.Zip(sums, (sum, more) => sum + more)];
        }

        return new PlainTotals(
            new TitleSummary
            {
                Counts = [.. Enumerable.Range(0, TitleSummary.Types).Select(type => _shares.Sum(share => share.Counts[type]))],
                EventCount = _shares.Sum(share => share.EventCount),
                Positives = _shares.Sum(share => share.Positives),
                Verdicts = _shares.Sum(share => share.Verdicts),
                FirstEventAt = _shares.Min(share => share.FirstEventAt),
                LastEventAt = last,
            },
            popularity);
    }

    [Benchmark]
    public TitleSummary Engine() => _statistics.Sum();

    /// <summary>What the plain sum gives.</summary>
    public sealed record PlainTotals(TitleSummary Summary, double[] Popularity);
}
