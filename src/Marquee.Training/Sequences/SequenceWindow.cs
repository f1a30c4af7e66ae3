namespace Marquee.Training.Sequences;

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
