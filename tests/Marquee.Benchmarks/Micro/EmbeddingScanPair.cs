using BenchmarkDotNet.Attributes;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Micro;

/// <summary>Both inner products of 12,800 titles × 64 dimensions.</summary>
public class EmbeddingScanPair
{
    private const int Dimension = 64;
    private const int Blocks = 50;

    private EmbeddingBlock[] _blocks = [];
    private float[] _first = [];
    private float[] _second = [];

    [GlobalSetup]
    public void Setup()
    {
        var world = new GeneratedWorld(1);
        _blocks = [.. Enumerable.Range(0, Blocks).Select(_ => new EmbeddingBlock(Dimension))];
        foreach (var block in _blocks)
        {
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                block.Set(row, world.Gaussian(Dimension, 0.1));
            }
        }

        (_first, _second) = (world.Gaussian(Dimension, 1), world.Gaussian(Dimension, 1));
        foreach (var block in _blocks)
        {
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                var (engine, plain) = (EmbeddingScan.Products(block, row, _first, _second), EmbeddingScan.PlainProducts(block, row, _first, _second));
                Agreement.Near(plain.First, engine.First, 1e-4, "the first product");
                Agreement.Near(plain.Second, engine.Second, 1e-4, "the second product");
            }
        }
    }

    [Benchmark(Baseline = true)]
    public float Plain()
    {
        float sum = 0;
        foreach (var block in _blocks)
        {
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                sum += EmbeddingScan.PlainProducts(block, row, _first, _second).First;
            }
        }

        return sum;
    }

    [Benchmark]
    public float Engine()
    {
        float sum = 0;
        foreach (var block in _blocks)
        {
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                sum += EmbeddingScan.Products(block, row, _first, _second).First;
            }
        }

        return sum;
    }
}
