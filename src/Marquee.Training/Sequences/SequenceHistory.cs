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
