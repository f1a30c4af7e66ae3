using Marquee.Engine.Events;

namespace Marquee.Training.Data;

/// <summary>One engagement event of a data set, with its user and title as dense indices.</summary>
/// <param name="User">Index into <see cref="InteractionDataSet.UserIds"/>.</param>
/// <param name="Title">Index into <see cref="InteractionDataSet.Titles"/>.</param>
/// <param name="Event">The event as the API would have taken it.</param>
/// <param name="IsPositive">Whether protocols count it as a hit to be predicted.</param>
public readonly record struct Interaction(int User, int Title, EngagementEvent Event, bool IsPositive)
{
    /// <summary>Keeps the titles that a user has engaged with, and so is not recommended any more: as a viewer's taste keeps them.</summary>
    /// <remarks>Who was only shown a title, opened its page or put it on a list can still be recommended it; hiding can be undone.</remarks>
    /// <param name="engaged">Titles of this interaction's user, before it; after it when this returns.</param>
    public void MarkEngaged(HashSet<int> engaged)
    {
        switch (Event.Type)
        {
            case EngagementType.Impression or EngagementType.Click or EngagementType.AddToList or EngagementType.RemoveFromList:
                break;
            case EngagementType.Unhide:
                engaged.Remove(Title);
                break;
            default:
                engaged.Add(Title);
                break;
        }
    }
}
