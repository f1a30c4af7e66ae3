using BenchmarkDotNet.Attributes;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Micro;

/// <summary>The sum of all features but embeddings, of 12,800 titles.</summary>
public class FirstStagePair
{
    private const int Titles = 12_800;

    private CatalogueSnapshot _catalogue = null!;
    private Scratch _scratch = null!;
    private float[] _mixed = [];
    private float[] _scores = [];

    [GlobalSetup]
    public void Setup()
    {
        var world = new GeneratedWorld(2);
        _catalogue = world.Catalogue(Titles, 64);
        _scratch = new Scratch();
        TasteScan.Run(world.Taste(50, Titles).Freeze(), _catalogue, GeneratedWorld.Now, _scratch);
        _mixed = world.Gaussian(CatalogueBlock.Rows, 1);
        _scores = new float[Titles];
        Plain();
        float[] plain = [.. _scores];
        Engine();
        for (var row = 0; row < Titles; row++)
        {
            Agreement.Near(plain[row], _scores[row], 1e-4, "the sum of features");
        }
    }

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        var sum = BlockSum.UpTo(_scratch);
        for (var i = 0; i < _catalogue.Blocks.Length; i++)
        {
            var rows = new Range(i * CatalogueBlock.Rows, (i + 1) * CatalogueBlock.Rows);
            sum.PlainAdd(_catalogue.Blocks[i], _mixed, _scratch.Details.AsSpan(rows), _scratch.Sequence.AsSpan(rows), _scores.AsSpan(rows));
        }
    }

    [Benchmark]
    public void Engine()
    {
        var sum = BlockSum.UpTo(_scratch);
        for (var i = 0; i < _catalogue.Blocks.Length; i++)
        {
            var rows = new Range(i * CatalogueBlock.Rows, (i + 1) * CatalogueBlock.Rows);
            sum.Add(_catalogue.Blocks[i], _mixed, _scratch.Details.AsSpan(rows), _scratch.Sequence.AsSpan(rows), _scores.AsSpan(rows));
        }
    }
}
