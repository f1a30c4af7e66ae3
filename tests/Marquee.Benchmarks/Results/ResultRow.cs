namespace Marquee.Benchmarks.Results;

/// <summary>One measured thing, beside what it is compared with in the same run.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">In <paramref name="Unit"/>; infinite when it is the time of a call without an answer.</param>
/// <param name="Unit">For example <c>/s</c>, <c>µs</c>, <c>B</c>.</param>
internal sealed record ResultRow(string What, double Value, string Unit)
{
    /// <summary>What it is compared with; null when it stands alone.</summary>
    public string? Baseline { get; init; }

    /// <summary>The baseline's value, in the same unit.</summary>
    public double? BaselineValue { get; init; }

    /// <summary>Processor time of the whole process per operation, in microseconds.</summary>
    public double? CpuMicroseconds { get; init; }

    /// <summary>Allocated by the whole process per operation.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>What it should reach at least.</summary>
    public string? Wanted { get; init; }

    /// <summary>How many times as fast as the baseline; below 1 it is slower. Null without a baseline, or where a time is that of a call without an answer.</summary>
    public double? Ratio => BaselineValue is not { } baseline || !double.IsFinite(baseline) || !double.IsFinite(Value) ? null : Unit == "/s" ? Value / baseline : baseline / Value;

    /// <summary>The ratio as people read it: <c>× 3.2</c>, or <c>1/45</c>.</summary>
    public string RatioText => Ratio switch
    {
        null => string.Empty,
        >= 1 => $"× {Ratio:0.0#}",
        _ => $"1/{1 / Ratio:0.0}",
    };
}
