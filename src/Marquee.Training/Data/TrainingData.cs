using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;

namespace Marquee.Training.Data;

/// <summary>A service's history, to train on.</summary>
/// <param name="Titles">The catalogue.</param>
/// <param name="Events">Engagement, in any order; put into time order before training, equal times by user and event id.</param>
public sealed record TrainingData(IReadOnlyCollection<TitleMetadata> Titles, IReadOnlyCollection<EngagementEvent> Events)
{
    /// <summary>The events in time order with dense indices.</summary>
    internal Interaction[] ToInteractions()
    {
        var users = new Dictionary<string, int>(StringComparer.Ordinal);
        var titles = new Dictionary<string, int>(StringComparer.Ordinal);
        var ordered = Events
            .OrderBy(static engagement => engagement.OccurredAt)
            .ThenBy(static engagement => engagement.UserId, StringComparer.Ordinal)
            .ThenBy(static engagement => engagement.EventId, StringComparer.Ordinal);
        return [.. ordered.Select(engagement => new Interaction(
            IndexOf(users, engagement.UserId),
            IndexOf(titles, engagement.TitleId),
            engagement,
            Feedback.KindOf(engagement) == FeedbackKind.Positive))];
    }

    private static int IndexOf(Dictionary<string, int> indices, string id)
    {
        if (!indices.TryGetValue(id, out var index))
        {
            indices[id] = index = indices.Count;
        }

        return index;
    }
}
