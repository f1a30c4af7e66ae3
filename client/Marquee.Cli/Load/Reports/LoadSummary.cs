using System.Globalization;
using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Traffic;

namespace Marquee.Cli.Load.Reports;

/// <summary>What a load came to, for people.</summary>
internal static class LoadSummary
{
    /// <summary>Writes the report: a document, or tables on standard output and what is wrong on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, bool json, LoadReport report, TrafficPlan plan)
    {
        if (json)
        {
            JsonOutput.Write(context, report, CliJson.Default.LoadReport);
            return report.ToExitCode();
        }

        if (report.Profile is { Count: > 0 } costs)
        {
            context.OutputConsole().Write(LoadTable.Of(costs));
        }

        if (report.Load is { } load)
        {
            context.OutputConsole().Write(LoadTable.Of(load, plan));
            foreach (var complaint in load.Complaints)
            {
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {complaint.Calls:N0} × {complaint.Message}"));
            }

            WriteTotals(context, report);
        }

        foreach (var doubt in report.Doubts)
        {
            context.Error.WriteLine($"marquee: {doubt}");
        }

        return report.Failure is { } failure ? FailureReport.Write(context, json, failure) : report.ToExitCode();
    }

    /// <summary>Writes the report of a search for the largest rate.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, bool json, MaximumReport report)
    {
        if (json)
        {
            JsonOutput.Write(context, report, CliJson.Default.MaximumReport);
            return report.ToExitCode();
        }

        context.OutputConsole().Write(LoadTable.Of(report.Steps));
        context.Output.WriteLine(report.PerSecond is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Kind}   {rate:N0} calls per second hold for {MaximalRate.LongStep.TotalSeconds:0} s (p99 within {report.P99MaxMilliseconds:N0} ms)")
            : string.Create(CultureInfo.InvariantCulture, $"{report.Kind}   no rate held for {MaximalRate.LongStep.TotalSeconds:0} s"));
        return report.Failure is { } failure ? FailureReport.Write(context, json, failure) : report.ToExitCode();
    }

    private static void WriteTotals(CommandContext context, LoadReport report)
    {
        var load = report.Load!;
        Line($"took       {load.Seconds:N1} s, {load.Answered:N0} calls answered; the generator sent {load.SendDelayP50Milliseconds ?? 0:0.0} ms after they were due (p99 {load.SendDelayP99Milliseconds ?? 0:0.0}) and used {report.GeneratorCpuSeconds:N1} s of processor");
        if (load.Events is { Sent: > 0 } events)
        {
            Line($"events     {events.Accepted:N0} accepted, {events.Duplicates:N0} duplicates, {events.Rejected:N0} rejected, {events.Unacknowledged:N0} without acknowledgement");
        }

        if (report.Use is { } use && load.Answered > 0)
        {
            var nodes = use.Nodes == 1 ? "the node" : string.Create(CultureInfo.InvariantCulture, $"{use.Nodes} nodes together");
            Line($"{"server",-11}{use.CpuSeconds:N2} s of processor and {use.AllocatedBytes / 1048576.0:N0} MiB allocated in {use.Seconds:N1} s by {nodes}: {use.CpuSeconds * 1e6 / load.Answered:N0} µs and {use.AllocatedBytes / load.Answered:N0} bytes per call of this mix");
            context.Output.WriteLine(report.ProfiledCpuSeconds is { } profiled
                ? string.Create(CultureInfo.InvariantCulture, $"{"",-11}by the profile these calls cost {profiled:N2} s, and at rest the nodes use {report.Idle!.CpuSeconds * use.Seconds / report.Idle.Seconds:N2} s in that time")
                : $"{"",-11}a process's time cannot be divided by kind of call; --profile measures each kind alone");
        }

        void Line(FormattableString text) => context.Output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
