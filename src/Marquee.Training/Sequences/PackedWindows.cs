using Marquee.Engine.Models;

namespace Marquee.Training.Sequences;

/// <summary>Windows side by side: all first steps, then all second ones and so on, longest window first, without gaps.</summary>
internal sealed class PackedWindows
{
    private readonly List<int> _active = [];

    /// <summary>How many windows have each step.</summary>
    public ReadOnlySpan<int> Active => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_active);

    /// <summary>How many steps there are.</summary>
    public int Count => Rows.Count;

    /// <summary>The title of each step.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>What else is known of each step.</summary>
    public List<SequenceStep> Steps { get; } = [];

    /// <summary>The steps behind which a positive is to be predicted.</summary>
    public List<SequenceTarget> Targets { get; } = [];

    /// <summary>Packs windows.</summary>
    public void Pack(ReadOnlySpan<SequenceWindow> windows)
    {
        SequenceWindow[] ordered = [.. windows.ToArray().OrderByDescending(static window => window.Length)];
        _active.Clear();
        Rows.Clear();
        Steps.Clear();
        Targets.Clear();
        for (var place = 0; place < (ordered.Length == 0 ? 0 : ordered[0].Length); place++)
        {
            var count = 0;
            while (count < ordered.Length && ordered[count].Length > place)
            {
                Add(ordered[count++], place);
            }

            _active.Add(count);
        }
    }

    private void Add(in SequenceWindow window, int place)
    {
        var at = window.From + place;
        var step = window.Events[at];
        var next = window.Events[at + 1];
        if (at + 1 >= window.PredictFrom && next.Kind == 0)
        {
            Targets.Add(new SequenceTarget(Rows.Count, next.Row, SequenceStep.GapOf(next.OccurredAt - step.OccurredAt)));
        }

        Rows.Add(step.Row);
        Steps.Add(new SequenceStep(at == 0 ? SequenceStep.LongGap : SequenceStep.GapOf(step.OccurredAt - window.Events[at - 1].OccurredAt), step.Kind));
    }
}

/// <summary>A positive to be predicted.</summary>
/// <param name="Step">The packed step before it.</param>
/// <param name="Row">Its title.</param>
/// <param name="Wait">Bucket of the time between the two.</param>
internal readonly record struct SequenceTarget(int Step, int Row, int Wait);
