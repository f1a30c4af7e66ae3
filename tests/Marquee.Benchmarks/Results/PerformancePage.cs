using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Marquee.Benchmarks.Results;

/// <summary>Keeps the tables of PERFORMANCE.md true: what stands between <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c> is written anew from the results.</summary>
internal static partial class PerformancePage
{
    private static readonly (string Section, string Part, Func<SortedDictionary<string, PartResult>, string> Table)[] Sections =
    [
        ("request", "budget", all => Budget(all["budget"], "request: ")),
        ("event", "budget", all => Budget(all["budget"], "event: ")),
        ("dense", "dense", all => Rows(all["dense"].Rows)),
        ("recovery", "recovery", all => Rows(all["recovery"].Rows)),
        ("start", "start", all => Rows(all["start"].Rows)),
        ("load", "load", all => Rows(all["load"].Rows)),
        ("population", "population", all => Rows(all["population"].Rows)),
        ("sizing", "users", Sizing),
    ];

    /// <summary>Writes the sections whose parts were measured; leaves a page that is not there.</summary>
    public static void Fill(string path, SortedDictionary<string, PartResult> all)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var before = File.ReadAllText(path);
        var after = Section().Replace(before, match =>
        {
            var name = match.Groups["name"].Value;
            var section = Array.Find(Sections, candidate => candidate.Section == name);
            return section.Table is null || !all.TryGetValue(section.Part, out var part)
                ? match.Value
                : $"<!-- begin {name} -->\n{Measured(part)}\n\n{section.Table(all)}<!-- end {name} -->";
        });
        if (after != before)
        {
            File.WriteAllText(path, after);
        }
    }

    private static string Measured(PartResult part) => string.Create(
        CultureInfo.InvariantCulture,
        $"Commit {part.Commit}, {part.MeasuredAt:yyyy-MM-dd}, {part.Machine.Processor}, {part.Machine.Cores} cores, {part.Machine.Runtime}{(part.LoadAtStart > 0.7 ? $"; **the machine was busy (load {part.LoadAtStart:0}): rates are too low, times too long**" : string.Empty)}.");

    private static string Budget(PartResult part, string prefix)
    {
        var rows = part.Rows.Where(row => row.What.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        var total = rows[^1].Value;
        var text = new StringBuilder("| piece | µs of processor time | share |\n|---|---|---|\n");
        foreach (var row in rows)
        {
            var bold = row == rows[^1] ? "**" : string.Empty;
            text.Append(CultureInfo.InvariantCulture, $"| {bold}{row.What[prefix.Length..]}{bold} | {bold}{row.Value:0.0}{bold} | {row.Value / total:P0} |\n");
        }

        return text.ToString();
    }

    /// <summary>All rows, with those columns that any of them has.</summary>
    private static string Rows(List<ResultRow> rows)
    {
        (string Heading, Func<ResultRow, string?> Cell)[] columns =
        [
            ("what", row => row.What),
            ("measured", row => $"{ResultFiles.Number(row.Value)} {row.Unit}"),
            ("beside its baseline", row => row.Ratio is null ? null : $"{row.RatioText} {row.Baseline}"),
            ("processor time", row => row.CpuMicroseconds is { } cpu ? $"{ResultFiles.Number(cpu)} µs" : null),
            ("allocated", row => row.AllocatedBytes is { } bytes ? $"{ResultFiles.Number(bytes)} B" : null),
            ("wanted", row => row.Wanted),
        ];
        var shown = Array.FindAll(columns, column => rows.Exists(row => column.Cell(row) is not null));
        var text = new StringBuilder();
        Line(column => column.Heading);
        text.Append('|').Insert(text.Length, "---|", shown.Length).Append('\n');
        rows.ForEach(row => Line(column => column.Cell(row) ?? "–"));
        return text.ToString();

        void Line(Func<(string Heading, Func<ResultRow, string?> Cell), string> cell) =>
            text.Append("| ").AppendJoin(" | ", shown.Select(cell)).Append(" |\n");
    }

    private static string Sizing(SortedDictionary<string, PartResult> all)
    {
        var text = new StringBuilder("| | measured | part |\n|---|---|---|\n");
        Add("active viewer with 200 events: history and taste, beyond the grain's activation", "memory", "state of a viewer", "B");
        Add("active viewer with 100 events, grain and its share of titles' grains included", "population", "heap per active viewer", "B");
        if (Value("users", "state of the partitions, 1,000,000") is { } most && Value("users", "state of the partitions, 100,000") is { } fewer)
        {
            Line("known viewer: what the partitions hold", (most.Value - fewer.Value) * 1e6 / 900_000, "B", "users");
        }

        Add("title in a replica of the catalogue, model of 64 dimensions included", "titles", "replica of the catalogue, 100,000", "B");
        Add("title: its row in the replica and in the feed, without a model", "population", "heap per title", "B");
        Add("events per second of one partition's log", "partitions", "raw log, 1 partitions", "/s");
        Add("events per second of a node, client beside it", "events", "events accepted", "/s");
        Add("recommendations per second of a node, 12,611 titles, client beside it", "http", "recommendation over HTTP", "/s");
        return text.ToString();

        ResultRow? Value(string part, string prefix) =>
            all.GetValueOrDefault(part)?.Rows.FirstOrDefault(row => row.What.StartsWith(prefix, StringComparison.Ordinal));

        void Add(string what, string part, string prefix, string unit)
        {
            if (Value(part, prefix) is { } row)
            {
                Line(what, row.Value, unit, part);
            }
        }

        void Line(string what, double value, string unit, string part) =>
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {ResultFiles.Number(value)} {unit} | {part} |\n");
    }

    [GeneratedRegex("<!-- begin (?<name>[a-z]+) -->.*?<!-- end \\k<name> -->", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Section();
}
