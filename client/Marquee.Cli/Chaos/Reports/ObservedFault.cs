using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>One fault, and how calls fared.</summary>
/// <param name="Nemesis">Its name.</param>
/// <param name="During">The calls that began while it lasted, and those that it met within 2 s of their beginning.</param>
/// <param name="RecoveredSeconds">From its beginning until 99 % of the calls of a second succeed within 2 s each, and go on to.</param>
/// <param name="WritesAgainSeconds">The longest time for which a partition that was sent writes acknowledged none, until the next fault.</param>
internal sealed record ObservedFault(string Nemesis, IReadOnlyList<ObservedCall> During, double RecoveredSeconds, double WritesAgainSeconds)
{
    private const double SoonMilliseconds = 2_000;
    private const double BucketMilliseconds = 1_000;

    /// <summary>The faults of a run.</summary>
    public static IReadOnlyList<ObservedFault> Of(IReadOnlyList<CallRecord> calls, IReadOnlyList<Injection> injections)
    {
        var writes = new PartitionWrites(calls);
        return
        [
            .. injections.Select(injection => new ObservedFault(
                injection.Nemesis,
                [.. calls.Where(call => IsMetBy(injection, call)).Select(ObservedCall.Of)],
                Recovered(calls, injection),
                writes.LongestStop(injection.BeganAt, injection.EndedAt) / 1_000)),
        ];
    }

    private static double Recovered(IReadOnlyList<CallRecord> calls, Injection injection)
    {
        var last = Between(calls, injection.BeganAt, injection.EndedAt)
            .Where(call => IsJudgedBefore(injection.EndedAt, call))
            .GroupBy(call => (int)((call.Invoke.At - injection.BeganAt) / BucketMilliseconds))
            .Where(bucket => bucket.Count(call => ObservedCall.Of(call) is { IsOk: true, Milliseconds: <= SoonMilliseconds }) * 100 < bucket.Count() * 99)
            .Select(bucket => (int?)bucket.Key)
            .Max();
        return last is { } bucket ? (bucket + 1) * BucketMilliseconds / 1_000 : 0;
    }

    /// <summary>A call that the next fault met before it could be called late is none of this one's.</summary>
    private static bool IsJudgedBefore(double end, CallRecord call) => call.Outcome?.At <= end || call.Invoke.At + SoonMilliseconds <= end;

    /// <summary>What is under way when a silo is killed is what fails. A call that had been late before is not this fault's doing.</summary>
    private static bool IsMetBy(Injection injection, CallRecord call) => call.Invoke.At < injection.HealedAt
        && (call.Invoke.At >= injection.BeganAt || (call.Invoke.At >= injection.BeganAt - SoonMilliseconds && !(call.Outcome?.At < injection.BeganAt)));

    private static IEnumerable<CallRecord> Between(IReadOnlyList<CallRecord> calls, double from, double to) =>
        calls.Where(call => call.Invoke.At >= from && call.Invoke.At < to);
}

/// <summary>One call.</summary>
/// <param name="Action">What it was.</param>
/// <param name="IsOk">Whether it was answered, and done.</param>
/// <param name="IsPersonal">Whether it was answered with recommendations of the viewer's own, not degraded.</param>
/// <param name="Milliseconds">How long it took; meaningful when it was answered.</param>
internal readonly record struct ObservedCall(CallAction Action, bool IsOk, bool IsPersonal, double Milliseconds)
{
    public static ObservedCall Of(CallRecord call)
    {
        var isOk = call.Outcome?.Kind == RecordKind.Ok;
        return new(call.Invoke.Action, isOk, isOk && call.Outcome is { Degraded: false, Source: "personal" }, call.Milliseconds ?? 0);
    }
}
