using System.Diagnostics;
using Marquee.Training.Data;

namespace Marquee.Training.Evaluation;

/// <summary>Test, then train, one event after the other in time order (Gama, Sebastião, Rodrigues 2013; Vinagre et al. 2014 for recommenders).</summary>
/// <remarks>
/// Each positive event of the validation and test periods whose title the user has not engaged with before makes one list:
/// the model ranks the whole catalogue less what the user has engaged with, the rank of the event's title is recorded, then
/// the model learns the event. No negatives are sampled. Events are cut into periods by their order in time.
/// </remarks>
public static class PrequentialProtocol
{
    /// <summary>Runs a model over a data set.</summary>
    /// <param name="data">Titles and events in time order.</param>
    /// <param name="model">A fresh model.</param>
    /// <param name="options">Periods and staleness.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between events.</param>
    public static PrequentialResult Run(
        InteractionDataSet data,
        IPrequentialModel model,
        PrequentialOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var events = data.Interactions;
        var validationFrom = options.ValidationFrom(events.Length);
        var testFrom = options.TestFrom(events.Length);
        var end = options.ValidationOnly ? testFrom : events.Length;
        var engaged = new HashSet<int>[data.UserIds.Count];
        var (validation, test) = (default(RankingMetrics), default(RankingMetrics));
        var byUser = new Dictionary<int, RankingMetrics>();
        var byHistory = new RankingMetrics[PrequentialResult.HistoryLabels.Length];
        var learned = 0;
        for (var i = 0; i < end; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ref readonly var next = ref events[i];
            learned = LearnDue(events, learned, i, model, options.Staleness);
            if (i > 0 && (i == validationFrom || i == testFrom || i % Math.Max(1, events.Length / 10) == 0))
            {
                model.Retrain(events.AsMemory(0, learned));
            }

            var past = engaged[next.User] ??= [];
            if (i >= validationFrom && next.IsPositive && !past.Contains(next.Title))
            {
                var rank = model.Rank(next);
                if (i < testFrom)
                {
                    validation.Add(rank);
                }
                else
                {
                    test.Add(rank);
                    byHistory[PrequentialResult.HistoryBucket(past.Count)].Add(rank);
                    var user = byUser.GetValueOrDefault(next.User);
                    user.Add(rank);
                    byUser[next.User] = user;
                }
            }

            next.MarkEngaged(past);
            if (i % 1000 == 0)
            {
                progress?.Report((double)i / end);
            }
        }

        RankingMetrics[] users = [.. byUser.OrderBy(static pair => pair.Key).Select(static pair => pair.Value)];
        return new PrequentialResult(
            model.Name,
            validation,
            test,
            byHistory,
            UserBootstrap.Interval(users, static metrics => metrics.Recall10),
            UserBootstrap.Interval(users, static metrics => metrics.Ndcg10),
            clock.Elapsed,
            model.Costs);
    }

    private static int LearnDue(Interaction[] events, int learned, int next, IPrequentialModel model, TimeSpan staleness)
    {
        var period = (long)staleness.TotalMilliseconds;
        var limit = period == 0 ? long.MaxValue : events[next].Event.OccurredAt / period * period;
        for (; learned < next && events[learned].Event.OccurredAt < limit; learned++)
        {
            model.Learn(events[learned]);
        }

        return learned;
    }
}
