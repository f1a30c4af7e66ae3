using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Users;

/// <summary>A viewer's taste, folded from the viewer's events in log order. Bounded, except for four bytes per watched title.</summary>
/// <remarks>
/// A pure function of the events: no clock. Not thread-safe; <see cref="Freeze"/> hands out what other threads may read.
/// </remarks>
/// <param name="titles">Numbers the titles, shared by the process.</param>
public sealed class TasteState(TitleTable titles)
{
    /// <summary>How many titles of the recent past are kept.</summary>
    public const int MostRecent = 100;

    /// <summary>How many unfinished titles are kept.</summary>
    public const int MostInProgress = 50;

    /// <summary>How many titles a viewer's list holds; the oldest falls off.</summary>
    public const int MostListed = 500;

    /// <summary>A share watched from which a title is finished: credits are not part of the story.</summary>
    public const double FinishedShare = 0.92;

    private TasteEntry[] _recent = [];
    private int[] _excluded = [];
    private int[] _list = [];
    private WatchProgress[] _inProgress = [];
    private UserTaste? _frozen = UserTaste.Empty;

    /// <summary>Folds one event in.</summary>
    public void Apply(EngagementEvent engagement)
    {
        if (engagement.Type is EngagementType.Impression or EngagementType.Click)
        {
            return;
        }

        _frozen = null;
        var title = titles.NumberOf(engagement.TitleId);
        switch (engagement.Type)
        {
            case EngagementType.RemoveFromList:
                _list = Without(_list, title);
                return;
            case EngagementType.Unhide:
                Include(title);
                return;
            case EngagementType.AddToList:
                _list = [title, .. Without(_list, title).Take(MostListed - 1)];
                break;
            case EngagementType.Play or EngagementType.Progress:
                Watch(engagement, title);
                Exclude(title);
                break;
            default:
                Stop(title);
                Exclude(title);
                break;
        }

        Remember(title, engagement);
    }

    /// <summary>What ranking may read; the same object until the next event.</summary>
    public UserTaste Freeze() => _frozen ??= new UserTaste(_recent, _excluded, _list, _inProgress);

    private void Remember(int title, EngagementEvent engagement)
    {
        var strength = Feedback.KindOf(engagement) switch
        {
            FeedbackKind.Positive => 1f,
            FeedbackKind.Negative => 0f,
            _ => 0.3f,
        };
        var at = Array.FindIndex(_recent, entry => entry.Title == title);
        if (at >= 0 && strength is > 0 and < 1)
        {
            // Watching on says nothing new about a title that was liked or disliked before.
            strength = _recent[at].Strength;
        }

        var kept = at >= 0 ? [.. _recent.AsSpan(0, at), .. _recent.AsSpan(at + 1)] : _recent;
        var skip = kept.Length >= MostRecent ? kept.Length - MostRecent + 1 : 0;
        _recent = [.. kept.AsSpan(skip), new TasteEntry(title, engagement.OccurredAt, strength)];
    }

    private void Watch(EngagementEvent engagement, int title)
    {
        var share = Feedback.WatchedShareOf(engagement) ?? Array.Find(_inProgress, watch => watch.Title == title).WatchedShare;
        Stop(title);
        if (share is null or < FinishedShare)
        {
            var kept = _inProgress.AsSpan(0, Math.Min(_inProgress.Length, MostInProgress - 1));
            _inProgress = [new WatchProgress(title, share, engagement.OccurredAt), .. kept];
        }
    }

    private void Stop(int title)
    {
        if (Array.Exists(_inProgress, watch => watch.Title == title))
        {
            _inProgress = Array.FindAll(_inProgress, watch => watch.Title != title);
        }
    }

    private void Exclude(int title)
    {
        var slot = Array.BinarySearch(_excluded, title);
        if (slot < 0)
        {
            _excluded = [.. _excluded.AsSpan(0, ~slot), title, .. _excluded.AsSpan(~slot)];
        }
    }

    private void Include(int title) => _excluded = Without(_excluded, title);

    private static int[] Without(int[] numbers, int title) =>
        Array.IndexOf(numbers, title) >= 0 ? Array.FindAll(numbers, number => number != title) : numbers;
}
