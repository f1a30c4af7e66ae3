using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Tests.Users;

public sealed class TasteStateTests
{
    private readonly TitleTable _titles = new();

    [Fact]
    public void Apply_HideAndUnhide_TitleGoesAndComesBack()
    {
        var state = Fold((EngagementType.Hide, "a"));
        Assert.True(state.Freeze().IsExcluded(_titles.NumberOf("a")));

        state.Apply(Event(EngagementType.Unhide, "a", 9));
        Assert.False(state.Freeze().IsExcluded(_titles.NumberOf("a")));
    }

    [Fact]
    public void Apply_ImpressionsAndClicks_ChangeNothing()
    {
        var state = Fold((EngagementType.Impression, "a"), (EngagementType.Click, "b"));

        Assert.Same(UserTaste.Empty, state.Freeze());
    }

    [Fact]
    public void Apply_SameTitleAgain_IsKeptOnceAtItsNewestPlace()
    {
        var taste = Fold((EngagementType.Like, "a"), (EngagementType.Like, "b"), (EngagementType.Complete, "a")).Freeze();

        Assert.Equal(["b", "a"], taste.Recent.Select(entry => _titles.IdOf(entry.Title)));
    }

    [Fact]
    public void Apply_MoreThanItHolds_TheOldestFallOff()
    {
        var state = new TasteState(_titles);
        for (var i = 0; i < 3 * TasteState.MostRecent; i++)
        {
            state.Apply(Event(EngagementType.Like, $"t{i}", i));
        }

        var taste = state.Freeze();
        Assert.Equal(TasteState.MostRecent, taste.Recent.Length);
        Assert.Equal("t299", _titles.IdOf(taste.Recent[^1].Title));
        Assert.Equal(3 * TasteState.MostRecent, taste.Excluded.Length);
    }

    [Fact]
    public void Apply_List_KeepsNewestFirstAndDoesNotExclude()
    {
        var state = Fold((EngagementType.AddToList, "a"), (EngagementType.AddToList, "b"), (EngagementType.AddToList, "c"), (EngagementType.RemoveFromList, "b"));

        var taste = state.Freeze();
        Assert.Equal(["c", "a"], taste.MyList.Select(_titles.IdOf));
        Assert.Empty(taste.Excluded);
    }

    [Fact]
    public void Freeze_ThenMoreEvents_WhatWasHandedOutStays()
    {
        var state = Fold((EngagementType.Like, "a"));
        var before = state.Freeze();

        state.Apply(Event(EngagementType.Like, "b", 5));

        Assert.Single(before.Recent);
        Assert.Equal(2, state.Freeze().Recent.Length);
    }

    private TasteState Fold(params (EngagementType Type, string Title)[] events)
    {
        var state = new TasteState(_titles);
        for (var i = 0; i < events.Length; i++)
        {
            state.Apply(Event(events[i].Type, events[i].Title, i));
        }

        return state;
    }

    private static EngagementEvent Event(EngagementType type, string title, long at) =>
        new() { EventId = $"{at}", UserId = "u", TitleId = title, Type = type, OccurredAt = at };
}
