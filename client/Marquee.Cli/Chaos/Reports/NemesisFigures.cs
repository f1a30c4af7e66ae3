using System.Globalization;
using System.Text.Json.Serialization;
using Marquee.Cli.Chaos.Histories;
using Spectre.Console;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>How the cluster served under one kind of fault, over all times that it struck. Shares are in percent.</summary>
/// <param name="Nemesis">Its name.</param>
/// <param name="Count">How often it struck.</param>
/// <param name="AnsweredPercent">Reads of every kind, while it lasted, that were answered.</param>
/// <param name="PersonalisedPercent">Slates, while it lasted, that were the viewer's own and not degraded.</param>
/// <param name="HistoryPercent">Reads of a history, for which nothing stands in, that were answered while it lasted.</param>
/// <param name="AcknowledgedPercent">Attempts to write, while it lasted, that were acknowledged.</param>
/// <param name="ReadP99Milliseconds">99th percentile of reads while it lasted: one that was not answered took longer than any, infinitely long.</param>
/// <param name="WriteP99Milliseconds">The same of writes; those count that were acknowledged.</param>
/// <param name="RecoveredSeconds"><see cref="ObservedFault.RecoveredSeconds"/>.</param>
/// <param name="WritesAgainSeconds"><see cref="ObservedFault.WritesAgainSeconds"/>.</param>
internal sealed record NemesisFigures(
    string Nemesis,
    int Count,
    double? AnsweredPercent,
    double? PersonalisedPercent,
    double? HistoryPercent,
    double? AcknowledgedPercent,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double? ReadP99Milliseconds,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double? WriteP99Milliseconds,
    FaultTimes RecoveredSeconds,
    FaultTimes WritesAgainSeconds)
{
    /// <summary>The figures of each kind of fault.</summary>
    public static IReadOnlyList<NemesisFigures> Of(IEnumerable<ObservedFault> faults) =>
    [
        .. faults.GroupBy(fault => fault.Nemesis).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            ObservedCall[] during = [.. group.SelectMany(fault => fault.During)];
            ObservedCall[] slates = [.. during.Where(call => call.Action == CallAction.Recommend)];
            ObservedCall[] reads = [.. during.Where(call => call.Action is not (CallAction.Append or CallAction.Upsert or CallAction.Erase))];
            ObservedCall[] histories = [.. during.Where(call => call.Action == CallAction.Read)];
            ObservedCall[] writes = [.. during.Where(call => call.Action == CallAction.Append)];
            return new NemesisFigures(
                group.Key,
                group.Count(),
                Percent(reads, call => call.IsOk),
                Percent(slates, call => call.IsPersonal),
                Percent(histories, call => call.IsOk),
                Percent(writes, call => call.IsOk),
                P99(reads),
                P99(writes),
                FaultTimes.Of(group.Select(fault => fault.RecoveredSeconds)),
                FaultTimes.Of(group.Select(fault => fault.WritesAgainSeconds)));
        }),
    ];

    /// <summary>Shows them.</summary>
    public static void Show(IEnumerable<NemesisFigures> figures, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("nemesis", "times", "reads answered", "personalised", "histories", "writes acknowledged", "p99 read", "p99 write", "99 % again in s (at most)", "writes again in s (at most)");
        foreach (var row in figures)
        {
            table.AddRow(
                row.Nemesis, Text(row.Count, "0"), Percent(row.AnsweredPercent), Percent(row.PersonalisedPercent), Percent(row.HistoryPercent), Percent(row.AcknowledgedPercent),
                Latency(row.ReadP99Milliseconds), Latency(row.WriteP99Milliseconds), Text(row.RecoveredSeconds, "0"), Text(row.WritesAgainSeconds, "0.0"));
        }

        console.Write(table);
    }

    private static double? Percent(ObservedCall[] calls, Func<ObservedCall, bool> counts) =>
        calls.Length == 0 ? null : 100.0 * calls.Count(counts) / calls.Length;

    private static double? P99(IEnumerable<ObservedCall> calls)
    {
        double[] sorted = [.. calls.Select(call => call.IsOk ? call.Milliseconds : double.PositiveInfinity).Order()];
        return sorted.Length == 0 ? null : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * 0.99) - 1)];
    }

    private static string Percent(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.00} %") : "";

    private static string Latency(double? milliseconds) => milliseconds == double.PositiveInfinity ? "failed" : Text(milliseconds, "0' ms'");

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Text(FaultTimes times, string format) => $"{Text(times.Median, format)} ({Text(times.Longest, format)})";
}

/// <summary>How long something took, over all times that a fault struck.</summary>
/// <param name="Median">The middle one, the upper of two.</param>
/// <param name="Longest">The longest.</param>
internal sealed record FaultTimes(double Median, double Longest)
{
    /// <param name="values">At least one.</param>
    public static FaultTimes Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[sorted.Length / 2], sorted[^1]);
    }
}
