namespace Marquee.Cli.Load.Measuring;

/// <summary>Finds the largest rate that holds: doubles until one does not, then narrows down.</summary>
/// <remarks>
/// A rate holds when at least 95 % of the calls offered were answered before the step's end, none was lost or unsent, and the
/// 99th percentile is within the bound. One that does not is offered once more before it counts: at a small rate the 99th
/// percentile of a step is a handful of calls, which a single pause of the machine can delay. One step is short, so that the
/// answer is as good as the narrowing, about a tenth, and says nothing of what comes after minutes (checkpoints, collections of
/// old memory).
/// </remarks>
/// <param name="stepAsync">Offers a rate for a while; null when it was interrupted.</param>
/// <param name="p99Max">The bound of the 99th percentile.</param>
internal sealed class MaximalRate(Func<double, Task<KindFigures?>> stepAsync, TimeSpan p99Max)
{
    /// <summary>The share of what is offered that must be answered.</summary>
    public const double AnsweredShare = 0.95;

    private const double NarrowEnough = 1.1;
    private const double RateMin = 1;
    private const int StepsMax = 40;

    private readonly List<RateStep> _steps = [];

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<RateStep> Steps => _steps;

    /// <summary>The largest rate that held; null when none did.</summary>
    public double? Best => _steps.Where(step => step.Holds).Max(step => (double?)step.OfferedPerSecond);

    /// <summary>Searches.</summary>
    /// <param name="first">The rate to begin with, per second.</param>
    /// <param name="largest">Not beyond.</param>
    /// <returns>False when interrupted.</returns>
    public async Task<bool> FindAsync(double first, double largest)
    {
        double? holds = null, breaks = null;
        for (var rate = first; _steps.Count < StepsMax;)
        {
            if (await stepAsync(rate) is not { } figures)
            {
                return false;
            }

            _steps.Add(Judge(rate, figures));
            if (_steps[^1].Holds)
            {
                holds = rate;
            }
            else if (_steps is [.., { Holds: false } before, _] && before.OfferedPerSecond == _steps[^1].OfferedPerSecond)
            {
                breaks = rate;
            }
            else
            {
                continue;
            }

            if (breaks / holds <= NarrowEnough || holds >= largest || breaks <= RateMin)
            {
                return true;
            }

            rate = (holds, breaks) switch
            {
                ({ } known, { } broken) => Math.Sqrt(known * broken),
                ({ } known, null) => Math.Min(largest, 2 * known),
                _ => Math.Max(RateMin, breaks!.Value / 2),
            };
        }

        return true;
    }

    private RateStep Judge(double rate, KindFigures figures)
    {
        var why = figures switch
        {
            { NotSent: > 0 } => "calls not sent",
            { Lost: > 0 } => "calls without an answer",
            _ when figures.AnsweredPerSecond < AnsweredShare * rate => "answered too few",
            { P99Milliseconds: var p99 } when !(p99 <= p99Max.TotalMilliseconds) => "p99 over the bound",
            _ => null,
        };
        return new RateStep(Math.Round(rate, 1), figures.AnsweredPerSecond, figures.P99Milliseconds, why is null, why);
    }
}

/// <summary>One rate that was tried.</summary>
/// <param name="OfferedPerSecond">The rate.</param>
/// <param name="AnsweredPerSecond">Answers before the step's end.</param>
/// <param name="P99Milliseconds">Null when it is a call without an answer.</param>
/// <param name="Holds">Whether the rate holds.</param>
/// <param name="Why">Why not.</param>
internal sealed record RateStep(double OfferedPerSecond, double AnsweredPerSecond, double? P99Milliseconds, bool Holds, string? Why);
