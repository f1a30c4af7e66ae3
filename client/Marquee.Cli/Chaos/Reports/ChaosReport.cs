using System.Globalization;
using System.Text.Json;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Nemeses;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>What a chaos run came to; the document of <c>--json</c>.</summary>
/// <param name="Seed">Run it again with this.</param>
/// <param name="Storage">The store's kind; empty for a history that is judged again.</param>
/// <param name="History">The recorded history's file.</param>
/// <param name="Injections">The faults, in order.</param>
/// <param name="LeftOut">Faults that cannot be inflicted here.</param>
/// <param name="Nemeses">How the cluster served under each kind of fault.</param>
/// <param name="Calls">Calls that began.</param>
/// <param name="Ok">Of those, done.</param>
/// <param name="Fail">Certainly not done.</param>
/// <param name="Unknown">Of unknown outcome.</param>
/// <param name="AcknowledgedEvents">Events that were acknowledged.</param>
/// <param name="Unread">By partition, how many offsets of the log were let go of before they were read: what they held is not judged.</param>
/// <param name="Compared">What of the store was compared with the fold of the log; null when nothing was.</param>
/// <param name="Violations">Promises that were broken; none when all is well.</param>
internal sealed record ChaosReport(
    int Seed,
    string Storage,
    string History,
    IReadOnlyList<Injection> Injections,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<NemesisFigures> Nemeses,
    int Calls,
    int Ok,
    int Fail,
    int Unknown,
    int AcknowledgedEvents,
    IReadOnlyDictionary<int, long>? Unread,
    FoldComparison? Compared,
    IReadOnlyList<Violation> Violations)
{
    private const int ViolationsShown = 20;

    /// <summary>The file of a run's report.</summary>
    /// <param name="folder">The run's folder.</param>
    public static string FileIn(string folder) => Path.Combine(folder, "report.json");

    /// <summary>The file of a run's history.</summary>
    /// <param name="folder">The run's folder.</param>
    public static string HistoryIn(string folder) => Path.Combine(folder, "history.jsonl");

    /// <summary>Judges a history.</summary>
    public static ChaosReport Of(int seed, string storage, string file, IReadOnlyList<HistoryRecord> history, IReadOnlyList<Injection> injections, IReadOnlyList<string> leftOut)
    {
        var calls = CallRecord.Join(history, []);
        return new ChaosReport(
            seed,
            storage,
            file,
            injections,
            leftOut,
            NemesisFigures.Of(ObservedFault.Of(calls, injections)),
            calls.Count,
            calls.Count(call => call.Outcome?.Kind == RecordKind.Ok),
            calls.Count(call => call.Outcome?.Kind == RecordKind.Fail),
            calls.Count(call => call.Outcome?.Kind == RecordKind.Unknown),
            new EventFates(calls).All.Count(fate => fate.IsAcknowledged),
            new RecordedLog(history.Where(record => record.Kind == RecordKind.Final), []).Unread,
            history.Select(record => record.Compared).OfType<FoldComparison>().LastOrDefault(),
            HistoryChecker.Check(history));
    }

    /// <summary>Keeps it, for a summary of several runs.</summary>
    public void Keep(string folder) => File.WriteAllBytes(FileIn(folder), JsonSerializer.SerializeToUtf8Bytes(this, CliJson.Default.ChaosReport));

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
        NemesisFigures.Show(Nemeses, context.OutputConsole());
        if (LeftOut.Count > 0)
        {
            context.Output.WriteLine($"Not possible on this machine: {Nemesis.WithNeeds(LeftOut)}.");
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}: {Injections.Count} faults, {Calls:N0} calls = {Ok:N0} ok + {Fail:N0} failed + {Unknown:N0} unknown, {AcknowledgedEvents:N0} events acknowledged, {Violations.Count} violations"));
        context.Output.WriteLine(Compared is not { } compared ? "stored: not compared with the log" : string.Create(
            CultureInfo.InvariantCulture,
            $"stored: {compared.Partitions} partitions compared with the fold of their log, {compared.PartitionsFromSnapshot} with that of its end, {compared.PartitionsSkipped} not; {compared.Users:N0} users compared, {compared.UsersSkipped:N0} not; {compared.Titles:N0} titles compared, {compared.TitlesSkipped:N0} not"));
        foreach (var (partition, offsets) in Unread ?? new Dictionary<int, long>())
        {
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"partition {partition}: {offsets:N0} offsets were let go of before they were read, and are not judged"));
        }

        context.Output.WriteLine($"history: {History}");
        foreach (var violation in Violations.Take(ViolationsShown))
        {
            context.Output.WriteLine($"{violation.Rule}: {violation.Detail}");
        }
    }
}
