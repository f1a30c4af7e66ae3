using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;

namespace Marquee.Training.Evaluation;

/// <summary>Two models on the last day of a service's stream: would the first have ranked better than the second, had it served?</summary>
/// <remarks>
/// The stream is lived through once per model, as a node lives through it. From the beginning of the last day on, each
/// positive whose title the viewer had not engaged with makes one list, ranked by the serving pipeline with what was known
/// before it. The model stays as it is; everything live moves on. Where the last day has few lists, the period reaches back
/// until there are <see cref="FewestLists"/>, at most over a fifth of the stream; of many lists the newest <see cref="MostLists"/> count.
/// </remarks>
public static class ModelTrial
{
    /// <summary>How long the period is, in stream time.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(1);

    /// <summary>The period reaches back until it has this many positives.</summary>
    public const int FewestLists = 300;

    /// <summary>With fewer lists than this nothing is said.</summary>
    public const int FewestToJudge = 30;

    /// <summary>The most lists that are ranked, the newest.</summary>
    public const int MostLists = 3_000;

    private const int MostShare = 5;

    /// <summary>The part of a history that a model is trained on when the rest is to judge it.</summary>
    public static TrainingData WithoutPeriod(TrainingData data)
    {
        var events = data.ToInteractions();
        return data with { Events = [.. events.AsSpan(0, BeginOf(events)).ToArray().Select(static interaction => interaction.Event)] };
    }

    /// <summary>Judges a model against the one that it would replace.</summary>
    /// <param name="data">The whole history.</param>
    /// <param name="candidate">The model in question.</param>
    /// <param name="current">The model that serves.</param>
    /// <param name="cancellation">Stops between lists.</param>
    /// <returns>Null when there are too few lists to say anything.</returns>
    public static ModelTrialResult? Run(TrainingData data, PublishedModel candidate, PublishedModel current, CancellationToken cancellation = default)
    {
        var events = data.ToInteractions();
        var begin = BeginOf(events);
        var first = FirstListOf(events, begin);
        var (ranks, others) = (Ranks(data, events, first, candidate, cancellation), Ranks(data, events, first, current, cancellation));
        if (ranks.Count < FewestToJudge)
        {
            return null;
        }

        var (metrics, otherMetrics) = (default(RankingMetrics), default(RankingMetrics));
        double sum = 0, squares = 0;
        for (var i = 0; i < ranks.Count; i++)
        {
            var (one, other) = (default(RankingMetrics), default(RankingMetrics));
            one.Add(ranks[i]);
            other.Add(others[i]);
            metrics.Add(one);
            otherMetrics.Add(other);
            var difference = one.Ndcg10 - other.Ndcg10;
            sum += difference;
            squares += difference * difference;
        }

        var mean = sum / ranks.Count;
        var error = Math.Sqrt(Math.Max(0, (squares / ranks.Count) - (mean * mean)) / ranks.Count);
        return new ModelTrialResult(
            ranks.Count, metrics.Recall10, metrics.Ndcg10, otherMetrics.Recall10, otherMetrics.Ndcg10, error, candidate.TrainedUntil > events[begin].Event.OccurredAt);
    }

    private static List<int> Ranks(TrainingData data, Interaction[] events, int first, PublishedModel model, CancellationToken cancellation)
    {
        var node = new InProcessNode(data.Titles) { Model = model };
        var scratch = new Scratch();
        var ranks = new List<int>();
        for (var i = 0; i < events.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i >= first && events[i].IsPositive && Rank(node, events[i].Event, scratch) is { } rank)
            {
                ranks.Add(rank);
            }

            node.Apply(events[i].Event);
        }

        return ranks;
    }

    /// <summary>The rank of the event's title; null when it could not have been recommended.</summary>
    private static int? Rank(InProcessNode node, EngagementEvent next, Scratch scratch)
    {
        var taste = node.TasteOf(next.UserId);
        var catalogue = node.CatalogueFor(taste.Recent.TakeLast(NeighbourScan.CoWatchReach).Select(static entry => entry.Title));
        if (taste.IsExcluded(node.Titles.NumberOf(next.TitleId)) || catalogue.Find(next.TitleId) is not { IsRecommendable: true })
        {
            return null;
        }

        var request = new RecommendationRequest { Now = next.OccurredAt, Count = IPrequentialModel.DeepestRank, Country = next.Country };
        var items = RecommendationPipeline.Recommend(request, taste, catalogue, scratch).Items;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].TitleId == next.TitleId)
            {
                return i + 1;
            }
        }

        return int.MaxValue;
    }

    /// <summary>Where the period begins.</summary>
    private static int BeginOf(Interaction[] events)
    {
        if (events.Length == 0)
        {
            return 0;
        }

        var day = events[^1].Event.OccurredAt - (long)Period.TotalMilliseconds;
        var positives = 0;
        var begin = events.Length;
        var least = events.Length - (events.Length / MostShare);
        while (begin > 0 && (events[begin - 1].Event.OccurredAt > day || (positives < FewestLists && begin > least)))
        {
            begin--;
            positives += events[begin].IsPositive ? 1 : 0;
        }

        return begin;
    }

    /// <summary>From where on lists are ranked, so that there are not too many.</summary>
    private static int FirstListOf(Interaction[] events, int begin)
    {
        var first = events.Length;
        for (var lists = 0; first > begin && lists < MostLists; first--)
        {
            lists += events[first - 1].IsPositive ? 1 : 0;
        }

        return first;
    }
}

/// <summary>What a trial measured.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="Recall10">Recall@10 of the candidate.</param>
/// <param name="Ndcg10">NDCG@10 of the candidate.</param>
/// <param name="CurrentRecall10">Recall@10 of the model that it would replace.</param>
/// <param name="CurrentNdcg10">NDCG@10 of the model that it would replace.</param>
/// <param name="StandardError">Of the difference between the two NDCG@10, list by list.</param>
/// <param name="HasSeenPeriod">Whether the candidate was trained on events of the period, which flatters it.</param>
public sealed record ModelTrialResult(
    int Lists, double Recall10, double Ndcg10, double CurrentRecall10, double CurrentNdcg10, double StandardError, bool HasSeenPeriod);
