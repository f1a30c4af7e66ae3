using Marquee.Client;

namespace Marquee.Cli.Import;

/// <summary>What was wrong with lines: all are counted, the first few are kept. Safe for concurrent use.</summary>
internal sealed class LineFaults
{
    /// <summary>How many faults are kept word for word.</summary>
    public const int KeptMax = 20;

    private readonly Lock _gate = new();
    private readonly List<LineFault> _kept = [];
    private int _skippedLines;

    /// <summary>Lines that could not be read and were left out.</summary>
    public int SkippedLines => Volatile.Read(ref _skippedLines);

    /// <summary>A line could not be read.</summary>
    /// <param name="place">The line.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="field">The field that is wrong, where the rest of the line could be read.</param>
    public void Skip(Place place, string message, string? field = null)
    {
        Interlocked.Increment(ref _skippedLines);
        Keep(new LineFault(place.File, place.Line, field, message));
    }

    /// <summary>The node refused items of a call.</summary>
    /// <param name="sent">The call's items.</param>
    /// <param name="errors">The node's answer; errors without an item are left to the call's own outcome.</param>
    public void Refuse(IReadOnlyList<ImportItem> sent, IReadOnlyList<ItemError> errors)
    {
        foreach (var error in errors.Where(error => error.Index >= 0 && error.Index < sent.Count))
        {
            var place = sent[error.Index!.Value].Place;
            Keep(new LineFault(place.File, place.Line, error.Field, error.Message));
        }
    }

    /// <summary>The first faults, in the order of their lines.</summary>
    public IReadOnlyList<LineFault> Kept()
    {
        lock (_gate)
        {
            return [.. _kept.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line)];
        }
    }

    private void Keep(LineFault fault)
    {
        lock (_gate)
        {
            if (_kept.Count < KeptMax)
            {
                _kept.Add(fault);
            }
        }
    }
}

/// <summary>What was wrong with one line.</summary>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Field">The field that is wrong; null when the line itself could not be read.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record LineFault(string File, int Line, string? Field, string Message)
{
    public override string ToString() => Field is null ? $"{File}:{Line}: {Message}" : $"{File}:{Line}: {Field}: {Message}";
}
