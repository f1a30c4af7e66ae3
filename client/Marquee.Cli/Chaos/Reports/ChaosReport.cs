using System.Globalization;
using Marquee.Cli.Chaos.Histories;
using Spectre.Console;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>What a chaos run came to; the document of <c>--json</c>.</summary>
/// <param name="Seed">Run it again with this.</param>
/// <param name="History">The recorded history's file.</param>
/// <param name="Injections">The faults, in order.</param>
/// <param name="LeftOut">Faults that cannot be inflicted here.</param>
/// <param name="Nemeses">How the cluster served under each kind of fault.</param>
/// <param name="Calls">Calls that began.</param>
/// <param name="Ok">Of those, done.</param>
/// <param name="Fail">Certainly not done.</param>
/// <param name="Unknown">Of unknown outcome.</param>
/// <param name="AcknowledgedEvents">Events that were acknowledged.</param>
/// <param name="Violations">Promises that were broken; none when all is well.</param>
internal sealed record ChaosReport(
    int Seed,
    string History,
    IReadOnlyList<Injection> Injections,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<NemesisFigures> Nemeses,
    int Calls,
    int Ok,
    int Fail,
    int Unknown,
    int AcknowledgedEvents,
    IReadOnlyList<Violation> Violations)
{
    private const int ViolationsShown = 20;

    /// <summary>Judges a history.</summary>
    public static ChaosReport Of(int seed, string file, IReadOnlyList<HistoryRecord> history, IReadOnlyList<Injection> injections, IReadOnlyList<string> leftOut)
    {
        var calls = CallRecord.Join(history, []);
        return new ChaosReport(
            seed,
            file,
            injections,
            leftOut,
            NemesisFigures.Of(calls, injections),
            calls.Count,
            calls.Count(call => call.Outcome?.Kind == RecordKind.Ok),
            calls.Count(call => call.Outcome?.Kind == RecordKind.Fail),
            calls.Count(call => call.Outcome?.Kind == RecordKind.Unknown),
            new EventFates(calls).All.Count(fate => fate.IsAcknowledged),
            HistoryChecker.Check(history));
    }

    /// <summary>Shows it, and returns the exit code.</summary>
    public int Write(CommandContext context, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context, this, CliJson.Default.ChaosReport);
        }
        else
        {
            Show(context);
        }

        return Violations.Count == 0 ? ExitCode.Success : ExitCode.Findings;
    }

    private void Show(CommandContext context)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("nemesis", "times", "slates answered", "personalised", "histories", "writes acknowledged", "p99 read", "p99 write", "99 % again after", "writes again after");
        foreach (var row in Nemeses)
        {
            table.AddRow(
                row.Nemesis, Text(row.Count, "0"), Percent(row.AnsweredPercent), Percent(row.PersonalisedPercent), Percent(row.HistoryPercent), Percent(row.AcknowledgedPercent),
                Text(row.ReadP99Milliseconds, "0' ms'"), Text(row.WriteP99Milliseconds, "0' ms'"), Text(row.RecoveredSeconds, "0' s'"), Text(row.WritesAgainSeconds, "0.0' s'"));
        }

        context.OutputConsole().Write(table);
        if (LeftOut.Count > 0)
        {
            context.Output.WriteLine($"Not possible here: {string.Join(", ", LeftOut)} (root and the ip command are needed, and nft for inbound-cut).");
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}: {Injections.Count} faults, {Calls:N0} calls = {Ok:N0} ok + {Fail:N0} failed + {Unknown:N0} unknown, {AcknowledgedEvents:N0} events acknowledged, {Violations.Count} violations"));
        context.Output.WriteLine($"history: {History}");
        foreach (var violation in Violations.Take(ViolationsShown))
        {
            context.Output.WriteLine($"{violation.Rule}: {violation.Detail}");
        }
    }

    private static string Percent(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.00} %") : "";

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
