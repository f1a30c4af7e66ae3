namespace Marquee.Cli.Load.Measuring;

/// <summary>Finds the largest rate that holds: doubles until one does not, narrows down, and goes down from there until one holds for long.</summary>
/// <remarks>
/// A rate holds when at least 95 % of the calls offered were answered before the step's end, none was lost or unsent, and the
/// 99th percentile is within the bound. A short step that does not is offered once more before it counts: at a small rate its
/// 99th percentile is a handful of calls, which a single pause of the machine can delay. What a short step holds is up to a
/// tenth too much: work piles up that it does not live to see, and memory that is collected later. So the answer is a rate that
/// held for half a minute; it says nothing of what comes after minutes (checkpoints).
/// </remarks>
/// <param name="offerAsync">Offers a rate for so long; null when it was interrupted.</param>
/// <param name="p99Max">The bound of the 99th percentile.</param>
internal sealed class MaximalRate(Func<double, TimeSpan, Task<KindFigures?>> offerAsync, TimeSpan p99Max)
{
    /// <summary>How long a rate is offered to look for one.</summary>
    public static readonly TimeSpan ShortStep = TimeSpan.FromSeconds(5);

    /// <summary>How long a rate must hold to be the answer.</summary>
    public static readonly TimeSpan LongStep = TimeSpan.FromSeconds(30);

    /// <summary>The share of what is offered that must be answered.</summary>
    public const double AnsweredShare = 0.95;

    private const double NarrowEnough = 1.1;
    private const double DownBy = 1.05;
    private const double RateMin = 1;
    private const int StepsMax = 40;

    private readonly List<RateStep> _steps = [];

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<RateStep> Steps => _steps;

    /// <summary>The rate that held for <see cref="LongStep"/>; null when none did.</summary>
    public double? Best => _steps is [.., { Holds: true } last] && last.Seconds == LongStep.TotalSeconds ? last.OfferedPerSecond : null;

    /// <summary>Searches.</summary>
    /// <param name="first">The rate to begin with, per second.</param>
    /// <param name="largest">Not beyond.</param>
    /// <returns>False when interrupted.</returns>
    public async Task<bool> FindAsync(double first, double largest)
    {
        if (!await LookAsync(first, largest))
        {
            return false;
        }

        var held = _steps.Where(step => step.Holds).Max(step => (double?)step.OfferedPerSecond);
        for (var rate = held ?? 0; rate >= RateMin && _steps.Count < StepsMax; rate /= DownBy)
        {
            if (await StepAsync(rate, LongStep) is not { } holds)
            {
                return false;
            }

            if (holds)
            {
                break;
            }
        }

        return true;
    }

    private async Task<bool> LookAsync(double first, double largest)
    {
        double? holds = null, breaks = null;
        for (var rate = first; _steps.Count < StepsMax;)
        {
            if (await StepAsync(rate, ShortStep) is not { } isHeld)
            {
                return false;
            }

            if (isHeld)
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

    private async Task<bool?> StepAsync(double rate, TimeSpan length)
    {
        if (await offerAsync(rate, length) is not { } figures)
        {
            return null;
        }

        _steps.Add(Judge(rate, length, figures));
        return _steps[^1].Holds;
    }

    private RateStep Judge(double rate, TimeSpan length, KindFigures figures)
    {
        var why = figures switch
        {
            { NotSent: > 0 } => "calls not sent",
            { Lost: > 0 } => "calls without an answer",
            _ when figures.AnsweredPerSecond < AnsweredShare * rate => "answered too few",
            { P99Milliseconds: var p99 } when !(p99 <= p99Max.TotalMilliseconds) => "p99 over the bound",
            _ => null,
        };
        return new RateStep(Math.Round(rate, 1), length.TotalSeconds, figures.AnsweredPerSecond, figures.P99Milliseconds, why is null, why);
    }
}

/// <summary>One rate that was tried.</summary>
/// <param name="OfferedPerSecond">The rate.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="AnsweredPerSecond">Answers before the step's end.</param>
/// <param name="P99Milliseconds">Null when it is a call without an answer.</param>
/// <param name="Holds">Whether the rate holds.</param>
/// <param name="Why">Why not.</param>
internal sealed record RateStep(double OfferedPerSecond, double Seconds, double AnsweredPerSecond, double? P99Milliseconds, bool Holds, string? Why);
