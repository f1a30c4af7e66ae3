using System.Globalization;

namespace Marquee.Cli.Load.Traffic;

/// <summary>How many calls of each kind arrive per second.</summary>
internal sealed class TrafficPlan
{
    /// <summary>The largest rate of a kind or of all: beyond it a generator in one process measures itself.</summary>
    public const double RateMax = 1_000_000;

    private readonly double[] _rates = new double[TrafficKinds.All.Length];

    /// <summary>A plan of one kind.</summary>
    public TrafficPlan(TrafficKind kind, double perSecond) => _rates[(int)kind] = perSecond;

    private TrafficPlan(double[] rates) => _rates = rates;

    /// <summary>The kinds that arrive at all.</summary>
    public IEnumerable<TrafficKind> Kinds => TrafficKinds.All.Where(kind => RateOf(kind) > 0);

    /// <summary>Calls per second, all kinds.</summary>
    public double PerSecond => _rates.Sum();

    /// <summary>Calls per second of a kind.</summary>
    public double RateOf(TrafficKind kind) => _rates[(int)kind];

    /// <summary>Reads a plan: a rate of all calls that a mix divides, or a rate for each kind.</summary>
    /// <param name="rate">For example <c>200</c>, or <c>recommend=100,batch=20</c>.</param>
    /// <param name="mix">Shares in any unit, for example <c>recommend=3,home=1</c>; not read when the rate names kinds.</param>
    /// <param name="error">What is wrong, for a person; null when nothing is.</param>
    /// <returns>Null when something is wrong.</returns>
    public static TrafficPlan? Parse(string rate, string mix, out string? error)
    {
        if (rate.Contains('=', StringComparison.Ordinal))
        {
            return ParseByKind("--rate", rate, out error) is { } rates ? Checked(rates, out error) : null;
        }

        if (!TryNumber(rate, out var total) || total == 0)
        {
            error = $"--rate takes calls per second, for all (200) or for each kind (recommend=100,batch=20), not '{rate}'.";
            return null;
        }

        if (ParseByKind("--mix", mix, out error) is not { } shares)
        {
            return null;
        }

        var sum = shares.Sum();
        return Checked([.. shares.Select(share => total * share / sum)], out error);
    }

    private static TrafficPlan? Checked(double[] rates, out string? error)
    {
        error = rates.Sum() > RateMax ? string.Create(CultureInfo.InvariantCulture, $"--rate takes at most {RateMax:0} calls per second.") : null;
        return error is null ? new TrafficPlan(rates) : null;
    }

    private static double[]? ParseByKind(string option, string text, out string? error)
    {
        var numbers = new double[TrafficKinds.All.Length];
        var named = new HashSet<TrafficKind>();
        error = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, number) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, "");
            if (TrafficKinds.Find(name) is not { } kind)
            {
                error = $"{option}: '{name}' is no kind of call; there are {string.Join(", ", TrafficKinds.Names)}.";
            }
            else if (!named.Add(kind))
            {
                error = $"{option} names {name} more than once.";
            }
            else if (!TryNumber(number, out numbers[(int)kind]))
            {
                error = $"{option}: {name} takes a number from 0, as in {name}=10; not '{number}'.";
            }

            if (error is not null)
            {
                return null;
            }
        }

        error = numbers.Sum() > 0 ? null : $"{option} '{text}' names no call above 0.";
        return error is null ? numbers : null;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
