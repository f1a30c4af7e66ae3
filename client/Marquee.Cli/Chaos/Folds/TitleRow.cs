using System.Globalization;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>Compares a title's engagement as it is stored with what it is by the log.</summary>
internal static class TitleRow
{
    /// <summary>The first field that differs; null when none does. Popularity is compared bit by bit.</summary>
    public static string? DifferenceOf(TitleSummary expected, EngagementTotals stored)
    {
        if (!expected.Counts.AsSpan().SequenceEqual(stored.Counts.AsSpan()))
        {
            return $"counts {string.Join(' ', stored.Counts)}, and not {string.Join(' ', expected.Counts)}";
        }

        (string Name, long Expected, long Stored)[] numbers =
        [
            ("events", expected.EventCount, stored.EventCount),
            ("positives", expected.Positives, stored.Positives),
            ("verdicts", expected.Verdicts, stored.Verdicts),
            ("first event", expected.FirstEventAt, stored.FirstEventAt),
            ("last event", expected.LastEventAt, stored.LastEventAt),
        ];
        if (numbers.FirstOrDefault(number => number.Expected != number.Stored) is { Name: not null } other)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{other.Name} {other.Stored}, and not {other.Expected}");
        }

        return !IsSame(expected.Popularity, stored.Popularity) ? "popularity"
            : expected.Countries.Length != stored.Countries.Length
                || expected.Countries.Zip(stored.Countries).Any(pair => pair.First.Key != pair.Second.Country || !IsSame(pair.First.Value, pair.Second.Popularity)) ? "popularity by country"
            : null;
    }

    private static bool IsSame(DecayedPopularity expected, PopularityMessage stored)
    {
        Span<double> parts = stackalloc double[DecayedPopularity.HalfLives];
        expected.CopyParts(parts);
        return expected.At == stored.At && parts.SequenceEqual(stored.Parts.AsSpan());
    }
}
