using BenchmarkDotNet.Attributes;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Micro;

/// <summary>The 200 best of 12,800 scores.</summary>
public class BestCandidatesPair
{
    private readonly Candidate[] _kept = new Candidate[RecommendationPipeline.MostCandidates];
    private float[] _scores = [];

    [GlobalSetup]
    public void Setup()
    {
        _scores = new GeneratedWorld(3).Gaussian(12_800, 1);
        Engine();
        Agreement.Same(SortAll(), _kept.Order(), "the best candidates");
    }

    [Benchmark(Baseline = true)]
    public int Plain() => SortAll().Length;

    [Benchmark]
    public int Engine() => BestCandidates.Keep(_scores, _kept);

    private Candidate[] SortAll()
    {
        var all = new Candidate[_scores.Length];
        for (var row = 0; row < all.Length; row++)
        {
            all[row] = new Candidate(row, _scores[row]);
        }

        Array.Sort(all);
        return all[.._kept.Length];
    }
}
