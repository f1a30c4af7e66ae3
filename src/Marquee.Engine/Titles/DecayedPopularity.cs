using System.Runtime.CompilerServices;
using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>Sums of positives that halve with event time: short, medium and long memory, a season and years.</summary>
/// <remarks>
/// <para>Each sum is Σ 2^(−(now − tᵢ)/halfLife) over the positives at times tᵢ. It is kept as Σ 2^((tᵢ − landmark)/halfLife), so
/// that adding two of them needs no exponential: forward decay (Cormode, Shkapenyuk, Srivastava, Xu 2009).</para>
/// <para>A landmark is the newest multiple of 64 half-lives that <see cref="At"/> has passed; moving to the next one scales
/// by 2⁻⁶⁴, which is exact. A sum that underflows is 0: nothing that old matters.</para>
/// </remarks>
public struct DecayedPopularity : IEquatable<DecayedPopularity>
{
    /// <summary>How many sums there are.</summary>
    public const int HalfLives = 5;

    private const long MillisecondsPerDay = 86_400_000;
    private const int HalfLivesPerLandmark = 64;

    private Sums _sums;

    /// <summary>The half-lives in days: short, medium, long, season, years. The first three ranked best on the sample, the last where a service has years of history.</summary>
    public static ReadOnlySpan<double> HalfLivesInDays => [0.5, 2, 14, 90, 730];

    private static ReadOnlySpan<long> HalfLivesInMilliseconds =>
        [MillisecondsPerDay / 2, 2 * MillisecondsPerDay, 14 * MillisecondsPerDay, 90 * MillisecondsPerDay, 730 * MillisecondsPerDay];

    /// <summary>The time of the newest positive, milliseconds since the Unix epoch.</summary>
    public long At { get; private set; }

    /// <summary>The sum with the shortest half-life, at <see cref="At"/>.</summary>
    public readonly double Short => SumAt(0, At);

    /// <summary>The sum with the medium half-life, at <see cref="At"/>.</summary>
    public readonly double Medium => SumAt(1, At);

    /// <summary>The sum with the long half-life, at <see cref="At"/>.</summary>
    public readonly double Long => SumAt(2, At);

    /// <summary>Takes over what <see cref="CopyParts"/> gave.</summary>
    /// <param name="at">The time of the newest positive.</param>
    /// <param name="parts">float64[<see cref="HalfLives"/>].</param>
    public static DecayedPopularity OfParts(long at, ReadOnlySpan<double> parts)
    {
        var popularity = new DecayedPopularity { At = at };
        parts.CopyTo(popularity._sums);
        return popularity;
    }

    /// <summary>What it is made of besides <see cref="At"/>, for <see cref="OfParts"/>: float64[<see cref="HalfLives"/>].</summary>
    public readonly void CopyParts(Span<double> parts) => ((ReadOnlySpan<double>)_sums).CopyTo(parts);

    /// <summary>The sums in the order of <see cref="HalfLivesInDays"/>, into float64[<see cref="HalfLives"/>].</summary>
    /// <param name="now">Milliseconds since the Unix epoch; a time before <see cref="At"/> counts as <see cref="At"/>.</param>
    /// <param name="sums">Overwritten.</param>
    public readonly void CopyTo(long now, Span<double> sums)
    {
        for (var k = 0; k < HalfLives; k++)
        {
            sums[k] = SumAt(k, now);
        }
    }

    /// <summary>Adds one positive at an event time.</summary>
    public void Add(long occurredAt)
    {
        MoveTo(Math.Max(At, occurredAt));
        for (var k = 0; k < HalfLives; k++)
        {
            _sums[k] += Math.Pow(2, HalfLivesBetween(k, LandmarkOf(k, At), occurredAt));
        }
    }

    /// <summary>Both sets of positives together.</summary>
    public static DecayedPopularity operator +(in DecayedPopularity left, in DecayedPopularity right)
    {
        var (sum, other) = Together(left, right);
        sum.AddSums(other);
        return sum;
    }

    /// <summary>Several sets of positives together: what adding them one after the other gives, in a fraction of the time.</summary>
    public static DecayedPopularity Sum(ReadOnlySpan<DecayedPopularity> all)
    {
        var sum = default(DecayedPopularity);
        foreach (ref readonly var part in all)
        {
            sum.At = Math.Max(sum.At, part.At);
        }

        // All are brought to one landmark first, which is exact; most are there already.
        var landmark = LandmarkOf(0, sum.At);
        var (begin, end) = (landmark * HalfLivesPerLandmark * HalfLivesInMilliseconds[0], sum.At);
        foreach (ref readonly var part in all)
        {
            if (part.At >= begin && part.At <= end)
            {
                sum.AddSums(part);
            }
            else
            {
                var moved = part;
                moved.MoveTo(sum.At);
                sum.AddSums(moved);
            }
        }

        return sum;
    }

    /// <summary>These positives without those of a subset; what rounding would make negative is 0.</summary>
    public readonly DecayedPopularity Without(in DecayedPopularity subset)
    {
        var (rest, gone) = Together(this, subset);
        for (var k = 0; k < HalfLives; k++)
        {
            rest._sums[k] = Math.Max(0, rest._sums[k] - gone._sums[k]);
        }

        return rest;
    }

    /// <summary>Writes the sums, exactly.</summary>
    public readonly void Write(ref BinaryFormatWriter writer)
    {
        writer.Signed(At);
        for (var k = 0; k < HalfLives; k++)
        {
            writer.Double(_sums[k]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DecayedPopularity Read(ref BinaryFormatReader reader)
    {
        var popularity = new DecayedPopularity { At = reader.Signed() };
        for (var k = 0; k < HalfLives; k++)
        {
            popularity._sums[k] = reader.Double();
        }

        return popularity;
    }

    /// <inheritdoc/>
    public readonly bool Equals(DecayedPopularity other) =>
        At == other.At && ((ReadOnlySpan<double>)_sums).SequenceEqual(other._sums);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is DecayedPopularity other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(At, _sums[0], _sums[HalfLives - 1]);

    /// <summary>The sum of one half-life as it is kept, at the landmark.</summary>
    internal readonly double AtLandmark(int k) => _sums[k];

    /// <summary>Half-lives from the landmark to a time, at least to <see cref="At"/>: the sum then is <see cref="AtLandmark"/> · 2^−this.</summary>
    internal readonly double HalfLivesSinceLandmark(int k, long now) => HalfLivesBetween(k, LandmarkOf(k, At), Math.Max(now, At));

    private readonly double SumAt(int k, long now) => _sums[k] == 0 ? 0 : _sums[k] * Math.Pow(2, -HalfLivesSinceLandmark(k, now));

    private static (DecayedPopularity Left, DecayedPopularity Right) Together(DecayedPopularity left, DecayedPopularity right)
    {
        var at = Math.Max(left.At, right.At);
        left.MoveTo(at);
        right.MoveTo(at);
        return (left, right);
    }

    private void AddSums(in DecayedPopularity other)
    {
        for (var k = 0; k < HalfLives; k++)
        {
            _sums[k] += other._sums[k];
        }
    }

    private void MoveTo(long at)
    {
        if (at == At)
        {
            return;
        }

        // Every half-life is a whole number of the shortest: where that has the same landmark, all have.
        if (LandmarkOf(0, at) != LandmarkOf(0, At))
        {
            for (var k = 0; k < HalfLives; k++)
            {
                var landmarks = LandmarkOf(k, at) - LandmarkOf(k, At);
                if (landmarks != 0)
                {
                    _sums[k] = Math.ScaleB(_sums[k], (int)Math.Max(-HalfLivesPerLandmark * landmarks, -4096));
                }
            }
        }

        At = at;
    }

    private static double HalfLivesBetween(int k, long landmark, long time)
    {
        var halfLife = HalfLivesInMilliseconds[k];
        return (time - (landmark * HalfLivesPerLandmark * halfLife)) / (double)halfLife;
    }

    /// <summary>The number of the newest landmark that a time has passed.</summary>
    private static long LandmarkOf(int k, long time)
    {
        var length = HalfLivesPerLandmark * HalfLivesInMilliseconds[k];
        return time >= 0 ? time / length : -((length - 1 - time) / length);
    }

    [InlineArray(HalfLives)]
    private struct Sums
    {
        private double _first;
    }
}
