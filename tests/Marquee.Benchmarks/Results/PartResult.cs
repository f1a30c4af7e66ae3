namespace Marquee.Benchmarks.Results;

/// <summary>What one part measured, when, where and of what.</summary>
/// <param name="MeasuredAt">Start of the part.</param>
/// <param name="Commit">What was measured; ends with <c>+</c> when files were changed since.</param>
/// <param name="Machine">Where.</param>
internal sealed record PartResult(DateTimeOffset MeasuredAt, string Commit, Machine Machine)
{
    /// <summary>The measured things, in order.</summary>
    public List<ResultRow> Rows { get; init; } = [];

    /// <summary>What a reader must know to understand the rows.</summary>
    public List<string> Notes { get; init; } = [];

    /// <summary>Load average of the machine when the part began: above 0.3 somebody else worked too.</summary>
    public double LoadAtStart { get; init; }
}
