namespace Marquee.Cli.Load.Traffic;

/// <summary>When which call is due: each kind at its own even pace, whatever becomes of the calls. That is what makes the load open.</summary>
/// <remarks>
/// Even spacing, not Poisson: the steadiest load of that rate, so that what queues does so because of the server. Times are
/// computed from the number of the call and do not drift. Kinds begin at different moments of their period, so that slow kinds
/// do not arrive together.
/// </remarks>
internal sealed class ArrivalSchedule
{
    private readonly TrafficPlan _plan;
    private readonly TrafficKind[] _kinds;
    private readonly long[] _taken;
    private long _number;

    public ArrivalSchedule(TrafficPlan plan)
    {
        (_plan, _kinds) = (plan, [.. plan.Kinds]);
        _taken = new long[_kinds.Length];
    }

    /// <summary>The next arrival. There is always one.</summary>
    public Arrival Next()
    {
        var (next, due) = (0, double.PositiveInfinity);
        for (var i = 0; i < _kinds.Length; i++)
        {
            var phase = (i + 0.5) / _kinds.Length;
            var seconds = (_taken[i] + phase) / _plan.RateOf(_kinds[i]);
            (next, due) = seconds < due ? (i, seconds) : (next, due);
        }

        _taken[next]++;
        return new Arrival(_number++, _kinds[next], TimeSpan.FromSeconds(due));
    }
}

/// <summary>A call that is to be made.</summary>
/// <param name="Number">From 0, over all kinds.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Due">The intended time, since the load began. Latency counts from here.</param>
internal readonly record struct Arrival(long Number, TrafficKind Kind, TimeSpan Due);
