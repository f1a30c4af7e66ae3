using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>Sums of positives that halve with event time: short, medium and long memory, a season and years.</summary>
/// <remarks>
/// Each sum is Σ 2^(−(now − tᵢ)/halfLife) over the positives at times tᵢ, kept at a reference time that only moves forward;
/// a late event is added with the weight it has by then. A sum that underflows is 0: nothing that old matters.
/// </remarks>
public struct DecayedPopularity : IEquatable<DecayedPopularity>
{
    private const double MillisecondsPerDay = 86_400_000;

    /// <summary>How many sums there are.</summary>
    public const int HalfLives = 5;

    /// <summary>The half-lives in days: short, medium, long, season, years. The first three ranked best on the sample, the last where a service has years of history.</summary>
    public static ReadOnlySpan<double> HalfLivesInDays => [0.5, 2, 14, 90, 730];

    /// <summary>The sum with the shortest half-life, at <see cref="At"/>.</summary>
    public double Short { get; set; }

    /// <summary>The sum with the medium half-life, at <see cref="At"/>.</summary>
    public double Medium { get; set; }

    /// <summary>The sum with the long half-life, at <see cref="At"/>.</summary>
    public double Long { get; set; }

    /// <summary>The sum with a half-life of a season, at <see cref="At"/>.</summary>
    public double Season { get; set; }

    /// <summary>The sum with a half-life of years, at <see cref="At"/>.</summary>
    public double Years { get; set; }

    /// <summary>The reference time, milliseconds since the Unix epoch.</summary>
    public long At { get; set; }

    /// <summary>The sums in the order of <see cref="HalfLivesInDays"/>, into float64[<see cref="HalfLives"/>].</summary>
    public readonly void CopyTo(Span<double> sums) =>
        (sums[0], sums[1], sums[2], sums[3], sums[4]) = (Short, Medium, Long, Season, Years);

    /// <summary>Adds one positive at an event time.</summary>
    public void Add(long occurredAt)
    {
        if (occurredAt >= At)
        {
            this = DecayedTo(occurredAt);
            Short += 1;
            Medium += 1;
            Long += 1;
            Season += 1;
            Years += 1;
        }
        else
        {
            Short += Decay(At - occurredAt, HalfLivesInDays[0]);
            Medium += Decay(At - occurredAt, HalfLivesInDays[1]);
            Long += Decay(At - occurredAt, HalfLivesInDays[2]);
            Season += Decay(At - occurredAt, HalfLivesInDays[3]);
            Years += Decay(At - occurredAt, HalfLivesInDays[4]);
        }
    }

    /// <summary>The same positives seen at a later time; unchanged when <paramref name="at"/> is not later.</summary>
    public readonly DecayedPopularity DecayedTo(long at)
    {
        if (at <= At)
        {
            return this;
        }

        return new DecayedPopularity
        {
            Short = Short * Decay(at - At, HalfLivesInDays[0]),
            Medium = Medium * Decay(at - At, HalfLivesInDays[1]),
            Long = Long * Decay(at - At, HalfLivesInDays[2]),
            Season = Season * Decay(at - At, HalfLivesInDays[3]),
            Years = Years * Decay(at - At, HalfLivesInDays[4]),
            At = at,
        };
    }

    /// <summary>Both sets of positives together, at the later reference time.</summary>
    public static DecayedPopularity operator +(in DecayedPopularity left, in DecayedPopularity right)
    {
        var at = Math.Max(left.At, right.At);
        var (a, b) = (left.DecayedTo(at), right.DecayedTo(at));
        return new DecayedPopularity
        {
            Short = a.Short + b.Short,
            Medium = a.Medium + b.Medium,
            Long = a.Long + b.Long,
            Season = a.Season + b.Season,
            Years = a.Years + b.Years,
            At = at,
        };
    }

    /// <summary>Writes the sums, exactly.</summary>
    public readonly void Write(ref BinaryFormatWriter writer)
    {
        writer.Signed(At);
        writer.Double(Short);
        writer.Double(Medium);
        writer.Double(Long);
        writer.Double(Season);
        writer.Double(Years);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DecayedPopularity Read(ref BinaryFormatReader reader) => new()
    {
        At = reader.Signed(),
        Short = reader.Double(),
        Medium = reader.Double(),
        Long = reader.Double(),
        Season = reader.Double(),
        Years = reader.Double(),
    };

    /// <inheritdoc/>
    public readonly bool Equals(DecayedPopularity other) =>
        Short == other.Short && Medium == other.Medium && Long == other.Long && Season == other.Season && Years == other.Years && At == other.At;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is DecayedPopularity other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Short, Medium, Long, Season, Years, At);

    private static double Decay(long milliseconds, double halfLifeInDays) =>
        Math.Pow(2, -milliseconds / (halfLifeInDays * MillisecondsPerDay));
}
