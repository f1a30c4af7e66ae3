using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>Three sums of positives that halve with event time: short, medium and long memory.</summary>
/// <remarks>
/// Each sum is Σ 2^(−(now − tᵢ)/halfLife) over the positives at times tᵢ, kept at a reference time that only moves forward;
/// a late event is added with the weight it has by then. A sum that underflows is 0: nothing that old matters.
/// </remarks>
public struct DecayedPopularity : IEquatable<DecayedPopularity>
{
    private const double MillisecondsPerDay = 86_400_000;

    /// <summary>The half-lives in days: short, medium, long. Half a day, two days and two weeks ranked best on the sample.</summary>
    public static ReadOnlySpan<double> HalfLivesInDays => [0.5, 2, 14];

    /// <summary>The sum with the shortest half-life, at <see cref="At"/>.</summary>
    public double Short { get; set; }

    /// <summary>The sum with the medium half-life, at <see cref="At"/>.</summary>
    public double Medium { get; set; }

    /// <summary>The sum with the longest half-life, at <see cref="At"/>.</summary>
    public double Long { get; set; }

    /// <summary>The reference time, milliseconds since the Unix epoch.</summary>
    public long At { get; set; }

    /// <summary>Adds one positive at an event time.</summary>
    public void Add(long occurredAt)
    {
        if (occurredAt >= At)
        {
            this = DecayedTo(occurredAt);
            Short += 1;
            Medium += 1;
            Long += 1;
        }
        else
        {
            Short += Decay(At - occurredAt, HalfLivesInDays[0]);
            Medium += Decay(At - occurredAt, HalfLivesInDays[1]);
            Long += Decay(At - occurredAt, HalfLivesInDays[2]);
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
            At = at,
        };
    }

    /// <summary>Both sets of positives together, at the later reference time.</summary>
    public static DecayedPopularity operator +(in DecayedPopularity left, in DecayedPopularity right)
    {
        var at = Math.Max(left.At, right.At);
        var (a, b) = (left.DecayedTo(at), right.DecayedTo(at));
        return new DecayedPopularity { Short = a.Short + b.Short, Medium = a.Medium + b.Medium, Long = a.Long + b.Long, At = at };
    }

    /// <summary>Writes the sums, exactly.</summary>
    public readonly void Write(ref BinaryFormatWriter writer)
    {
        writer.Signed(At);
        writer.Double(Short);
        writer.Double(Medium);
        writer.Double(Long);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DecayedPopularity Read(ref BinaryFormatReader reader) => new()
    {
        At = reader.Signed(),
        Short = reader.Double(),
        Medium = reader.Double(),
        Long = reader.Double(),
    };

    /// <inheritdoc/>
    public readonly bool Equals(DecayedPopularity other) =>
        Short == other.Short && Medium == other.Medium && Long == other.Long && At == other.At;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is DecayedPopularity other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Short, Medium, Long, At);

    private static double Decay(long milliseconds, double halfLifeInDays) =>
        Math.Pow(2, -milliseconds / (halfLifeInDays * MillisecondsPerDay));
}
