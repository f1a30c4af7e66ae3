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

    private readonly FrozenList<TasteEntry> _recent = new();
    private readonly FrozenList<int> _excluded = new();
    private readonly FrozenList<int> _list = new();
    private readonly FrozenList<WatchProgress> _inProgress = new();
    private UserTaste _frozen = UserTaste.Empty;

    /// <summary>The numbers of its titles are of this table.</summary>
    internal TitleTable Titles => titles;

    /// <summary>Folds one event in.</summary>
    public void Apply(EngagementEvent engagement)
    {
        if (engagement.Type is EngagementType.Impression or EngagementType.Click)
        {
            return;
        }

        var title = titles.NumberOf(engagement.TitleId);
        switch (engagement.Type)
        {
            case EngagementType.RemoveFromList:
                _list.Remove(title);
                return;
            case EngagementType.Unhide:
                _excluded.Remove(title);
                return;
            case EngagementType.AddToList:
                _list.Remove(title);
                _list.InsertFirst(title, MostListed);
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

    /// <summary>What ranking may read; the same object until an event changes it. What did not change is shared with the one before.</summary>
    public UserTaste Freeze()
    {
        var (recent, excluded, list, inProgress) = (_recent.Freeze(), _excluded.Freeze(), _list.Freeze(), _inProgress.Freeze());
        if (recent != _frozen.Recent || excluded != _frozen.Excluded || list != _frozen.MyList || inProgress != _frozen.InProgress)
        {
            _frozen = new UserTaste(recent, excluded, list, inProgress);
        }

        return _frozen;
    }

    /// <summary>Goes on from a taste, of the same titles; forgets what it was.</summary>
    internal void Resume(UserTaste taste)
    {
        _frozen = taste;
        _recent.Resume(taste.Recent);
        _excluded.Resume(taste.Excluded);
        _list.Resume(taste.MyList);
        _inProgress.Resume(taste.InProgress);
    }

    private void Remember(int title, EngagementEvent engagement)
    {
        var strength = Feedback.KindOf(engagement) switch
        {
            FeedbackKind.Positive => 1f,
            FeedbackKind.Negative => 0f,
            _ => 0.3f,
        };
        for (var i = 0; i < _recent.Items.Length; i++)
        {
            if (_recent.Items[i].Title == title)
            {
                // Watching on says nothing new about a title that was liked or disliked before.
                strength = strength is > 0 and < 1 ? _recent.Items[i].Strength : strength;
                _recent.RemoveAt(i);
                break;
            }
        }

        _recent.Add(new TasteEntry(title, engagement.OccurredAt, strength), MostRecent);
    }

    private void Watch(EngagementEvent engagement, int title)
    {
        var share = Feedback.WatchedShareOf(engagement) ?? Stop(title);
        Stop(title);
        if (share is null or < FinishedShare)
        {
            _inProgress.InsertFirst(new WatchProgress(title, share, engagement.OccurredAt), MostInProgress);
        }
    }

    /// <summary>Forgets that a title is unfinished; returns how much of it was watched, if that is known.</summary>
    private double? Stop(int title)
    {
        for (var i = 0; i < _inProgress.Items.Length; i++)
        {
            if (_inProgress.Items[i] is var watch && watch.Title == title)
            {
                _inProgress.RemoveAt(i);
                return watch.WatchedShare;
            }
        }

        return null;
    }

    private void Exclude(int title)
    {
        var slot = _excluded.Items.BinarySearch(title);
        if (slot < 0)
        {
            _excluded.Insert(~slot, title);
        }
    }
}
