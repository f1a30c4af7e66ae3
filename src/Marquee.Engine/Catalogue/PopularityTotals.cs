using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>Positives of the whole catalogue, decayed, and how thin they are.</summary>
/// <remarks>
/// A title's share at a half-life is (s + κ·share of the next longer half-life) / (S + κ), the longest falling back on all
/// positives ever: where recent events are few (a quiet hour, or thirteen years without traffic) longer memory speaks.
/// </remarks>
public readonly struct PopularityTotals
{
    /// <summary>κ: how many decayed positives weigh as much as the longer memory.</summary>
    public const double Shrinkage = 50;

    /// <summary>What a title without positives counts as, of one positive.</summary>
    public const double Smoothing = 0.1;

    private readonly DecayedPopularity _decayed;
    private readonly Sums _sums;
    private readonly long _now;

    private PopularityTotals(DecayedPopularity decayed, double positives, int titles)
    {
        (_decayed, Positives, Titles, _now) = (decayed, positives, titles, decayed.At);
    }

    private PopularityTotals(in PopularityTotals totals, long now)
        : this(totals._decayed, totals.Positives, totals.Titles)
    {
        _now = Math.Max(now, _decayed.At);
        _decayed.CopyTo(_now, _sums);
    }

    /// <summary>All positives ever.</summary>
    public double Positives { get; }

    /// <summary>How many titles there are.</summary>
    public int Titles { get; }

    /// <summary>The totals with one title's statistics exchanged.</summary>
    public PopularityTotals Exchange(TitleSummary? previous, TitleSummary? next)
    {
        var decayed = _decayed;
        var titles = Titles;
        double positives = Positives;
        if (next is not null)
        {
            decayed += next.Popularity;
            positives += next.Positives;
            titles++;
        }

        if (previous is not null)
        {
            decayed = decayed.Without(previous.Popularity);
            positives -= previous.Positives;
            titles--;
        }

        return new PopularityTotals(decayed, positives, titles);
    }

    /// <summary>The totals as they stand at a time; only these have shares.</summary>
    public PopularityTotals At(long now) => new(this, now);

    /// <summary>The share that some positives of the shortest half-life have of all, at the time of these totals.</summary>
    public double RecentShare(in DecayedPopularity positives)
    {
        Span<double> sums = stackalloc double[DecayedPopularity.HalfLives];
        positives.CopyTo(_now, sums);
        return sums[0] / (_sums[0] + Shrinkage);
    }

    /// <summary>A title's shares of all positives, at the time of these totals: float64[half-lives + 1], the last over all time.</summary>
    public void Shares(in DecayedPopularity title, double positives, Span<double> shares)
    {
        Span<double> sums = stackalloc double[DecayedPopularity.HalfLives];
        title.CopyTo(_now, sums);
        var share = LastingShare(positives);
        shares[DecayedPopularity.HalfLives] = share;
        for (var k = DecayedPopularity.HalfLives - 1; k >= 0; k--)
        {
            share = (sums[k] + (Shrinkage * share)) / (_sums[k] + Shrinkage);
            shares[k] = share;
        }
    }

    /// <summary>A title's share of all positives ever.</summary>
    public double LastingShare(double positives) => (positives + Smoothing) / (Positives + (Smoothing * Math.Max(1, Titles)));

    /// <summary>The logarithms of the ratios between the shares of neighbouring half-lives, for n titles at a time.</summary>
    /// <param name="sums">float32[half-lives, n]: each title's positives at its landmark; overwritten.</param>
    /// <param name="ages">float32[half-lives, n]: half-lives from each title's landmark to the time of these totals; overwritten.</param>
    /// <param name="share">float32[n]: shares over all time; overwritten by those of the longest half-life.</param>
    /// <param name="ratios">float32[half-lives − 1, n] and more, overwritten: the shortest half-life first.</param>
    internal void Shares(Span<float> sums, Span<float> ages, Span<float> share, Span<float> ratios)
    {
        var n = share.Length;
        Span<float> longer = stackalloc float[n];
        Span<float> longest = stackalloc float[n];
        for (var k = DecayedPopularity.HalfLives - 1; k >= 0; k--)
        {
            var sum = sums.Slice(k * n, n);
            var factor = ages.Slice(k * n, n);
            TensorPrimitives.Negate(factor, factor);
            TensorPrimitives.Exp2(factor, factor);
            TensorPrimitives.Multiply(sum, factor, sum);
            share.CopyTo(longer);
            TensorPrimitives.MultiplyAdd(share, (float)Shrinkage, sum, share);
            TensorPrimitives.Divide(share, (float)(_sums[k] + Shrinkage), share);
            if (k == DecayedPopularity.HalfLives - 1)
            {
                share.CopyTo(longest);
            }
            else
            {
                var ratio = ratios.Slice(k * n, n);
                TensorPrimitives.Divide(share, longer, ratio);
                TensorPrimitives.Log(ratio, ratio);
            }
        }

        longest.CopyTo(share);
    }

    [InlineArray(DecayedPopularity.HalfLives)]
    private struct Sums
    {
        private double _first;
    }
}
