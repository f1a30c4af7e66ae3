using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Training.Data;

namespace Marquee.Training.Sequences;

/// <summary>A history as sequences: what each viewer did, in order, each title once at its newest place, as a viewer's taste holds it.</summary>
internal sealed class SequenceHistory
{
    private SequenceHistory(string[] titleIds, double[] positives, SequenceEvent[][] viewers) =>
        (TitleIds, Positives, Viewers) = (titleIds, positives, viewers);

    /// <summary>The titles, by row.</summary>
    public string[] TitleIds { get; }

    /// <summary>float64[titles]: how many positives each title has.</summary>
    public double[] Positives { get; }

    /// <summary>The viewers' events, oldest first.</summary>
    public SequenceEvent[][] Viewers { get; }

    /// <summary>The place in the history behind a share of its events.</summary>
    public int SplitAt(double share)
    {
        int[] numbers = [.. Viewers.SelectMany(static events => events.Select(static step => step.Number)).Order()];
        return numbers[Math.Min(numbers.Length - 1, (int)(numbers.Length * share))];
    }

    /// <summary>Gathers a history.</summary>
    /// <param name="past">Events in time order.</param>
    public static SequenceHistory Of(ReadOnlySpan<Interaction> past)
    {
        var (rows, titleIds, positives) = (new Dictionary<int, int>(), new List<string>(), new List<double>());
        var viewers = new Dictionary<int, Dictionary<int, SequenceEvent>>();
        for (var i = 0; i < past.Length; i++)
        {
            ref readonly var interaction = ref past[i];
            if (interaction.Event.Type is EngagementType.Impression or EngagementType.Click or EngagementType.RemoveFromList or EngagementType.Unhide)
            {
                continue;
            }

            if (!rows.TryGetValue(interaction.Title, out var row))
            {
                rows[interaction.Title] = row = titleIds.Count;
                titleIds.Add(interaction.Event.TitleId);
                positives.Add(0);
            }

            if (!viewers.TryGetValue(interaction.User, out var events))
            {
                viewers[interaction.User] = events = [];
            }

            var kind = Feedback.KindOf(interaction.Event) switch { FeedbackKind.Positive => 0, FeedbackKind.Negative => 2, _ => 1 };
            if (events.Remove(row, out var before))
            {
                // Watching on says nothing new about a title that was liked or disliked before.
                positives[row] -= before.Kind == 0 ? 1 : 0;
                kind = kind == 1 ? before.Kind : kind;
            }

            positives[row] += kind == 0 ? 1 : 0;
            events.Add(row, new SequenceEvent(row, interaction.Event.OccurredAt, kind, i));
        }

        return new SequenceHistory(
            [.. titleIds],
            [.. positives],
            [.. viewers.Values.Select(static events => events.Values.OrderBy(static step => step.Number).ToArray())]);
    }
}

/// <summary>One step of a viewer.</summary>
/// <param name="Row">The title.</param>
/// <param name="OccurredAt">Milliseconds since the Unix epoch.</param>
/// <param name="Kind">As <see cref="SequenceStep.Kind"/>.</param>
/// <param name="Number">The place of the event in the history.</param>
internal readonly record struct SequenceEvent(int Row, long OccurredAt, int Kind, int Number);

/// <summary>A piece of one viewer's sequence: some steps, and which of the events after them are to be predicted.</summary>
/// <param name="Events">The viewer's events.</param>
/// <param name="From">The first step.</param>
/// <param name="To">Behind the last step; the event there is the last that may be predicted.</param>
/// <param name="PredictFrom">The first event that may be predicted; earlier ones are only looked back at.</param>
internal readonly record struct SequenceWindow(SequenceEvent[] Events, int From, int To, int PredictFrom)
{
    /// <summary>How many steps there are.</summary>
    public int Length => To - From;

    /// <summary>Cuts the viewers' sequences into windows, so that each event is predicted once, if it is positive.</summary>
    /// <param name="viewers">The viewers' events.</param>
    /// <param name="length">The most steps of a window.</param>
    /// <param name="fromNumber">The place in the history of the first event to be predicted.</param>
    /// <param name="toNumber">Behind that of the last.</param>
    public static List<SequenceWindow> Cut(SequenceEvent[][] viewers, int length, int fromNumber, int toNumber)
    {
        var windows = new List<SequenceWindow>();
        var fresh = Math.Max(1, length / 2);
        foreach (var events in viewers)
        {
            var first = Math.Max(1, Array.FindIndex(events, step => step.Number >= fromNumber));
            var end = Array.FindLastIndex(events, step => step.Number < toNumber) + 1;
            while (first < end && events[first].Number >= fromNumber)
            {
                // Half a window is looked back at, unless the sequence begins there.
                var last = Math.Min(end, first == 1 ? length + 1 : first + fresh) - 1;
                var window = new SequenceWindow(events, Math.Max(0, last - length), last, first);
                if (window.HasTarget)
                {
                    windows.Add(window);
                }

                first = last + 1;
            }
        }

        return windows;
    }

    private bool HasTarget
    {
        get
        {
            for (var i = PredictFrom; i <= To; i++)
            {
                if (Events[i].Kind == 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
