using System.Diagnostics;

namespace Marquee.Benchmarks.Results;

/// <summary>Takes what a part measures: prints each row at once, and hands them all to the files at the end.</summary>
internal sealed class Report
{
    private readonly PartResult _result = new(DateTimeOffset.UtcNow, Machine.Commit(), Machine.Here()) { LoadAtStart = Machine.Load() };

    /// <summary>What the part measured so far.</summary>
    public PartResult Result => _result;

    /// <summary>Adds a row.</summary>
    public void Add(ResultRow row)
    {
        _result.Rows.Add(row);
        Console.WriteLine(
            $"{row.What,-64} {ResultFiles.Number(row.Value),12} {row.Unit,-3}"
            + (row.CpuMicroseconds is { } cpu ? $" {ResultFiles.Number(cpu),9} µs CPU" : string.Empty)
            + (row.AllocatedBytes is { } bytes ? $" {ResultFiles.Number(bytes),9} B" : string.Empty)
            + (row.Ratio is null ? string.Empty : $"   {row.RatioText} {row.Baseline}"));
    }

    /// <summary>Adds a sentence for the reader of the rows.</summary>
    public void Note(string sentence) => _result.Notes.Add(sentence);

    /// <summary>Says on the error stream what is going on.</summary>
    public static void Progress(string what) =>
        Console.Error.WriteLine($"[{DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime():mm\\:ss}] {what}");
}
