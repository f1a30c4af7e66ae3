using Marquee.Engine.Events;

namespace Marquee.Training.Data;

/// <summary>One engagement event of a data set, with its user and title as dense indices.</summary>
/// <param name="User">Index into <see cref="InteractionDataSet.UserIds"/>.</param>
/// <param name="Title">Index into <see cref="InteractionDataSet.Titles"/>.</param>
/// <param name="Event">The event as the API would have taken it.</param>
/// <param name="IsPositive">Whether protocols count it as a hit to be predicted.</param>
public readonly record struct Interaction(int User, int Title, EngagementEvent Event, bool IsPositive);
