using BenchmarkDotNet.Attributes;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Benchmarks.Micro;

/// <summary>A viewer of 100 events folded into embeddings of 64 dimensions, lasting and recent.</summary>
public class FoldInPair
{
    private EmbeddingModel _model = null!;
    private UserTaste _taste = null!;
    private TitleTable _titles = null!;

    [GlobalSetup]
    public void Setup()
    {
        var world = new GeneratedWorld(4);
        (_model, _titles) = (world.Model(5_000, 64).Embeddings!, world.Titles);
        _taste = world.Taste(100, 5_000).Freeze();
        foreach (var (plain, engine) in Plain().Zip(Engine()))
        {
            Agreement.Near(plain, engine, 1e-4, "a viewer's embedding");
        }
    }

    [Benchmark(Baseline = true)]
    public float[] Plain() => [.. Embed(1), .. Embed(FoldedTaste.RecentDecay)];

    [Benchmark]
    public float[] Engine()
    {
        var folded = FoldedTaste.Of(_model, _taste, _titles);
        return [.. folded.Lasting, .. folded.Recent];
    }

    /// <summary>The equation of <see cref="FoldedTaste"/>, by loops and Gaussian elimination.</summary>
    private IEnumerable<float> Embed(double decay)
    {
        var d = _model.Dimension;
        var rows = new double[d][];
        for (var i = 0; i < d; i++)
        {
            rows[i] = [.. _model.Prior.AsSpan(i * d, d), 0];
        }

        var weight = 1.0;
        foreach (var entry in _taste.Recent.Reverse().Where(entry => entry.IsPositive))
        {
            if (weight <= 1e-3)
            {
                break;
            }

            var y = _model.Of(_titles.IdOf(entry.Title));
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    rows[i][j] += weight * y[i] * y[j];
                }

                rows[i][d] += weight * y[i];
            }

            weight *= decay;
        }

        for (var pivot = 0; pivot < d; pivot++)
        {
            for (var i = 0; i < d; i++)
            {
                if (i == pivot)
                {
                    continue;
                }

                var factor = rows[i][pivot] / rows[pivot][pivot];
                for (var j = pivot; j <= d; j++)
                {
                    rows[i][j] -= factor * rows[pivot][j];
                }
            }
        }

        return rows.Select((row, i) => (float)(row[d] / row[i]));
    }
}
