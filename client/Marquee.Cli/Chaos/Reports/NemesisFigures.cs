using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>How the cluster served under one kind of fault, over all times that it struck. Shares are in percent.</summary>
/// <param name="Nemesis">Its name.</param>
/// <param name="Count">How often it struck.</param>
/// <param name="AnsweredPercent">Recommendations, while it lasted, that were answered.</param>
/// <param name="PersonalisedPercent">Recommendations, while it lasted, that were the viewer's own and not degraded.</param>
/// <param name="HistoryPercent">Reads of a history, for which nothing stands in, that were answered while it lasted.</param>
/// <param name="AcknowledgedPercent">Attempts to write, while it lasted, that were acknowledged.</param>
/// <param name="ReadP99Milliseconds">99th percentile of answered reads while it lasted.</param>
/// <param name="WriteP99Milliseconds">99th percentile of acknowledged writes while it lasted.</param>
/// <param name="RecoveredSeconds">From its beginning until 99 % of the calls of a second succeed within 2 s each, and go on to; the longest.</param>
/// <param name="WritesAgainSeconds">From its beginning until the last write that was not acknowledged within a second; the longest.</param>
internal sealed record NemesisFigures(
    string Nemesis,
    int Count,
    double? AnsweredPercent,
    double? PersonalisedPercent,
    double? HistoryPercent,
    double? AcknowledgedPercent,
    double? ReadP99Milliseconds,
    double? WriteP99Milliseconds,
    double RecoveredSeconds,
    double WritesAgainSeconds)
{
    private const double SoonMilliseconds = 2_000;
    private const double WriteSoonMilliseconds = 1_000;
    private const double BucketMilliseconds = 1_000;

    /// <summary>The figures of each kind of fault.</summary>
    public static IReadOnlyList<NemesisFigures> Of(IReadOnlyList<CallRecord> calls, IReadOnlyList<Injection> injections) =>
    [
        .. injections.GroupBy(injection => injection.Nemesis).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            CallRecord[] during = [.. group.SelectMany(injection => Between(calls, injection.BeganAt, injection.HealedAt))];
            CallRecord[] reads = [.. during.Where(call => call.Invoke.Action is CallAction.Read or CallAction.Recommend)];
            CallRecord[] slates = [.. during.Where(call => call.Invoke.Action == CallAction.Recommend)];
            CallRecord[] writes = [.. during.Where(call => call.Invoke.Action == CallAction.Append)];
            return new NemesisFigures(
                group.Key,
                group.Count(),
                Percent(slates, IsOk),
                Percent(slates, call => IsOk(call) && call.Outcome is { Degraded: false, Source: "personal" }),
                Percent([.. reads.Where(call => call.Invoke.Action == CallAction.Read)], IsOk),
                Percent(writes, IsOk),
                P99(reads.Where(IsOk)),
                P99(writes.Where(IsOk)),
                group.Max(injection => Recovered(calls, injection)),
                group.Max(injection => WritesAgain(calls, injection)));
        }),
    ];

    private static double Recovered(IReadOnlyList<CallRecord> calls, Injection injection)
    {
        var last = Between(calls, injection.BeganAt, injection.EndedAt)
            .GroupBy(call => (int)((call.Invoke.At - injection.BeganAt) / BucketMilliseconds))
            .Where(bucket => Percent([.. bucket], call => IsOk(call) && call.Milliseconds <= SoonMilliseconds) < 99)
            .Select(bucket => (int?)bucket.Key)
            .Max();
        return last is { } bucket ? (bucket + 1) * BucketMilliseconds / 1_000 : 0;
    }

    private static double WritesAgain(IReadOnlyList<CallRecord> calls, Injection injection)
    {
        var last = Between(calls, injection.BeganAt, injection.EndedAt)
            .Where(call => call.Invoke.Action == CallAction.Append && !(IsOk(call) && call.Milliseconds <= WriteSoonMilliseconds))
            .Select(call => (double?)call.Invoke.At)
            .Max();
        return last is { } at ? (at - injection.BeganAt) / 1_000 : 0;
    }

    private static bool IsOk(CallRecord call) => call.Outcome?.Kind == RecordKind.Ok;

    private static IEnumerable<CallRecord> Between(IReadOnlyList<CallRecord> calls, double from, double to) =>
        calls.Where(call => call.Invoke.At >= from && call.Invoke.At < to);

    private static double? Percent(CallRecord[] calls, Func<CallRecord, bool> counts) =>
        calls.Length == 0 ? null : 100.0 * calls.Count(counts) / calls.Length;

    private static double? P99(IEnumerable<CallRecord> calls)
    {
        double[] sorted = [.. calls.Select(call => call.Milliseconds!.Value).Order()];
        return sorted.Length == 0 ? null : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * 0.99) - 1)];
    }
}
