using BenchmarkDotNet.Attributes;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Micro;

/// <summary>The second stage: 200 candidates scored by the sum of their parts and the network of interplay, and ordered.</summary>
public class RankerPair
{
    private const int Titles = 12_800;

    private readonly Candidate[] _ordered = new Candidate[RecommendationPipeline.MostCandidates];
    private CatalogueSnapshot _catalogue = null!;
    private Scratch _scratch = null!;
    private Candidate[] _candidates = [];

    [GlobalSetup]
    public void Setup()
    {
        var world = new GeneratedWorld(5);
        _catalogue = world.Catalogue(Titles, 64);
        _scratch = new Scratch();
        TasteScan.Run(world.Taste(50, Titles).Freeze(), _catalogue, GeneratedWorld.Now, _scratch);
        CandidateScan.Run(_catalogue, _scratch, BlockSum.UpTo(_scratch), _scratch.Scores.AsSpan(0, Titles));
        _candidates = CandidateSelection.Keep(_ordered.Length, _scratch.Scores.AsSpan(0, Titles), _catalogue, _scratch).ToArray();
        Plain();
        Candidate[] plain = [.. _ordered];
        Engine();
        for (var i = 0; i < plain.Length; i++)
        {
            Agreement.Near(plain[i].Score, _ordered[i].Score, 1e-3, "the score of a candidate");
        }
    }

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        var network = _catalogue.Model.Ranker.Interplay!;
        var sums = new double[_candidates.Length];
        for (var c = 0; c < sums.Length; c++)
        {
            var features = CandidateFeatures.Of(_candidates[c].Row, _catalogue, _scratch);
            for (var i = 0; i < features.Length; i++)
            {
                sums[c] += (double)_scratch.RankingWeights[i] * features[i];
            }
        }

        var best = sums.Max();
        for (var c = 0; c < sums.Length; c++)
        {
            float[] input = [.. CandidateFeatures.Of(_candidates[c].Row, _catalogue, _scratch), .. _scratch.Context, Marquee.Engine.Models.InterplayNetwork.BehindScale * (float)(sums[c] - best)];
            double output = 0;
            for (var unit = 0; unit < network.Biases.Length; unit++)
            {
                double hidden = network.Biases[unit];
                for (var i = 0; i < input.Length; i++)
                {
                    hidden += (double)input[i] * network.InputWeights[(i * network.Biases.Length) + unit];
                }

                output += network.OutputWeights[unit] * Math.Max(0, hidden);
            }

            _ordered[c] = new Candidate(_candidates[c].Row, sums[c] + output);
        }

        Array.Sort(_ordered);
    }

    [Benchmark]
    public void Engine()
    {
        _candidates.CopyTo(_ordered, 0);
        CandidateRanking.Order(_ordered, _catalogue, _scratch);
    }
}
