using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Marquee.Benchmarks.Results;

/// <summary>The results of all parts, as <c>results.json</c> and as the table <c>results.md</c>. A part that runs again replaces what it measured before.</summary>
/// <param name="folder">Where the two files are; null keeps nothing.</param>
internal sealed class ResultFiles(string? folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Everything measured so far, by part.</summary>
    public SortedDictionary<string, PartResult> Read()
    {
        var path = folder is null ? null : Path.Combine(folder, "results.json");
        return path is not null && File.Exists(path)
            ? JsonSerializer.Deserialize<SortedDictionary<string, PartResult>>(File.ReadAllText(path), Json)!
            : [];
    }

    /// <summary>Stores what a part measured.</summary>
    public void Write(string part, PartResult result, IReadOnlyList<string> order)
    {
        if (folder is null)
        {
            return;
        }

        var all = Read();
        all[part] = result;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(all, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, "results.md"), Table(all, order));
        PerformancePage.Fill(Path.Combine(folder, "..", "..", "PERFORMANCE.md"), all);
    }

    private static string Table(SortedDictionary<string, PartResult> all, IReadOnlyList<string> order)
    {
        var text = new StringBuilder("# Results of `./bench`\n\nWritten by the benchmarks; do not edit. Ratios are to a baseline of the same run: × is faster than it, 1/n slower.\n");
        foreach (var part in order.Where(all.ContainsKey))
        {
            var result = all[part];
            var machine = result.Machine;
            text.Append(CultureInfo.InvariantCulture, $"\n## {part}\n\nCommit {result.Commit}, {result.MeasuredAt:yyyy-MM-dd HH:mm} UTC; {machine.Processor}, {machine.Cores} cores; {machine.Runtime}, {machine.System}, vectors of {machine.VectorBits} bits (the processor has {machine.WidestVectorBits}), {machine.Collector} garbage collector; load average at its start {result.LoadAtStart:0.0}.\n");
            foreach (var note in result.Notes)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
            }

            text.Append("\n| what | measured | baseline | ratio | CPU | allocated | wanted |\n|---|---|---|---|---|---|---|\n");
            foreach (var row in result.Rows)
            {
                var baseline = row.Baseline is null ? "–" : row.BaselineValue is { } value ? $"{row.Baseline}, {Number(value)} {row.Unit}" : row.Baseline;
                text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {Number(row.Value)} {row.Unit} | {baseline} | {(row.RatioText.Length > 0 ? row.RatioText : "–")} | {(row.CpuMicroseconds is { } cpu ? Number(cpu) + " µs" : "–")} | {(row.AllocatedBytes is { } bytes ? Number(bytes) + " B" : "–")} | {row.Wanted ?? "–"} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Three digits that count, or all before the point.</summary>
    internal static string Number(double value) => Math.Abs(value) switch
    {
        double.PositiveInfinity => "∞",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 or 0 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
