using Marquee.Client.Operations;
using Spectre.Console;

namespace Marquee.Cli.Operations;

/// <summary>A node's status as a table of two columns.</summary>
internal static class StatusTable
{
    public static Table Of(NodeStatus status, DateTimeOffset now)
    {
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = false };
        table.AddColumn("what");
        table.AddColumn("how");
        Row(table, "node", $"{status.Node}, version {status.Version}, {status.Storage}, tenant {status.Tenant}{Since(status.StartedAt, now)}");
        table.AddRow(new Text("ready"), status.Ready ? new Markup("[green]yes[/]") : new Markup($"[yellow]no[/] {Markup.Escape(status.Activity ?? "")}"));
        foreach (var silo in status.Silos)
        {
            Row(table, "silo", $"{silo.Address} {silo.Status}{Since(silo.StartedAt, now)}");
        }

        Row(table, "partitions", PartitionsOf(status.Partitions));
        Row(table, "catalogue", Invariant($"version {status.Catalogue.Version:N0}, {status.Catalogue.Titles:N0} titles, age {Milliseconds(status.Catalogue.AgeMilliseconds)}, model {status.Catalogue.ModelVersion}"));
        Row(table, "stream time", status.Catalogue.StreamTime is { } time ? Invariant($"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : "-");
        Row(table, "freshness", Invariant($"p50 {Milliseconds(status.Freshness.P50Milliseconds)}, p99 {Milliseconds(status.Freshness.P99Milliseconds)}, {status.Freshness.Samples:N0} samples"));
        Row(table, "events", Invariant($"{status.Events.PerSecond:N0}/s, {status.Events.Accepted:N0} accepted, {status.Events.Duplicates:N0} duplicates, {status.Events.Rejected:N0} rejected"));
        Row(table, "recommendations", Invariant($"{status.Recommendations.PerSecond:N0}/s, {status.Recommendations.Served:N0} served, p50 {Milliseconds(status.Recommendations.P50Milliseconds)}, p99 {Milliseconds(status.Recommendations.P99Milliseconds)}"));
        Row(table, "process", Invariant($"{status.Process.CpuSeconds:N1} s of processor, {status.Process.WorkingSetBytes / 1048576.0:N0} MiB resident, {status.Process.AllocatedBytes / 1048576.0:N0} MiB allocated"));
        return table;
    }

    /// <summary>All partitions on one line, then those that are not as they should be.</summary>
    internal static string PartitionsOf(IReadOnlyList<PartitionStatus> partitions)
    {
        var states = partitions.GroupBy(partition => partition.State ?? "unknown")
            .OrderByDescending(state => state.Count())
            .Select(state => $"{state.Count()} {state.Key}");
        var summary = Invariant(
            $"{partitions.Count} ({string.Join(", ", states)}), {partitions.Sum(partition => partition.Offset):N0} events, lag {partitions.Sum(partition => partition.Lag):N0}");
        var worst = partitions.Where(partition => partition.Lag > 0).OrderByDescending(partition => partition.Lag).Take(3)
            .Select(partition => Invariant($"{partition.Partition}: lag {partition.Lag:N0} at offset {partition.Offset:N0}, epoch {partition.Epoch}"));
        return string.Join("\n", worst.Prepend(summary));
    }

    private static void Row(Table table, string what, string how) => table.AddRow(new Text(what), new Text(how));

    private static string Milliseconds(double? value) => value is { } known ? Invariant($"{known:0.##} ms") : "-";

    private static string Since(DateTimeOffset? start, DateTimeOffset now) => start is { } time && time <= now
        ? Invariant($", up {(now - time).Days} d {now - time:hh\\:mm\\:ss}")
        : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
