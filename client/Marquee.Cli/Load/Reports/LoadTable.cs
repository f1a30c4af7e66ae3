using System.Globalization;
using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Traffic;
using Spectre.Console;

namespace Marquee.Cli.Load.Reports;

/// <summary>A load's figures as tables.</summary>
internal static class LoadTable
{
    /// <summary>One row for each kind of call; times in milliseconds.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="plan">What was offered.</param>
    public static Table Of(LoadFigures figures, TrafficPlan plan)
    {
        var table = TableOf("calls", "offered/s", "answered/s", "p50 ms", "p90", "p99", "p99.9", "max", "shed", "errors", "not sent", "degraded");
        foreach (var (kind, row) in plan.Kinds.Zip(figures.Kinds))
        {
            table.AddRow(
                row.Kind,
                Rate(plan.RateOf(kind)),
                Rate(row.AnsweredPerSecond),
                Percentile(row, row.P50Milliseconds),
                Percentile(row, row.P90Milliseconds),
                Percentile(row, row.P99Milliseconds),
                Percentile(row, row.P999Milliseconds),
                Time(row.MaxMilliseconds),
                Loud(row.Shed, "yellow"),
                Loud(row.Refused + row.Lost, "red"),
                Loud(row.NotSent, "red"),
                Loud(row.Degraded, "yellow"));
        }

        return table;
    }

    /// <summary>What a call of each kind costs; kinds with events per event too.</summary>
    public static Table Of(IReadOnlyList<KindCost> costs)
    {
        var table = TableOf("alone", "calls", "CPU µs per call", "±", "bytes per call", "CPU µs per event", "bytes per event");
        foreach (var cost in costs)
        {
            var perCall = cost.Events / (double)cost.Calls;
            table.AddRow(
                cost.Kind,
                Number(cost.Calls, "N0"),
                Number(cost.CpuMicroseconds, "N0"),
                Number(cost.CpuMicrosecondsError, "N0"),
                Number(cost.AllocatedBytes, "N0"),
                perCall > 0 ? Number(cost.CpuMicroseconds / perCall, "N1") : "",
                perCall > 0 ? Number(cost.AllocatedBytes / perCall, "N0") : "");
        }

        return table;
    }

    /// <summary>The rates that were tried.</summary>
    public static Table Of(IReadOnlyList<RateStep> steps)
    {
        var table = TableOf("offered/s", "for s", "answered/s", "p99 ms", "holds");
        foreach (var step in steps)
        {
            table.AddRow(Rate(step.OfferedPerSecond), Number(step.Seconds, "N0"), Rate(step.AnsweredPerSecond), Time(step.P99Milliseconds), step.Holds ? "yes" : Markup.Escape($"no: {step.Why}"));
        }

        return table;
    }

    /// <summary>The figures on one line, for a file.</summary>
    public static string Line(LoadFigures figures) => string.Join("   ", figures.Kinds.Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Kind} {row.Answered:N0} of {row.Due:N0} (p99 {Percentile(row, row.P99Milliseconds)} ms, {row.Shed:N0} shed, {row.Refused + row.Lost:N0} errors, {row.NotSent:N0} not sent)")));

    private static Table TableOf(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (index, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)) { Alignment = index == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        }

        return table;
    }

    private static string Rate(double perSecond) => Number(perSecond, perSecond < 10 ? "N1" : "N0");

    /// <summary>A percentile that falls on a call without an answer is longer than can be said.</summary>
    private static string Percentile(KindFigures row, double? milliseconds) => milliseconds is null && row.Lost + row.NotSent > 0 ? "∞" : Time(milliseconds);

    private static string Time(double? milliseconds) => milliseconds is { } known ? Number(known, known < 10 ? "N2" : known < 100 ? "N1" : "N0") : "-";

    private static string Loud(long count, string colour) => count == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"[{colour}]{count:N0}[/]");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
