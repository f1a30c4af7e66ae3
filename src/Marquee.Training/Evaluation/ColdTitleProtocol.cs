using Marquee.Engine.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Models;
using Marquee.Training.Recommendations;

namespace Marquee.Training.Evaluation;

/// <summary>How well titles are ranked of which only the metadata is known, and how that changes with their first events.</summary>
/// <remarks>
/// A random tenth of the titles is hidden: none of their events reaches the engine. The engine lives through all other events,
/// the ranker learning on the way. Then each hidden positive asks for a ranking of the hidden titles alone, for a viewer with
/// all warm events: the area under the curve is the share of hidden titles (that the viewer has not engaged with) ranked
/// below the right one, and Recall@10 is within the hidden titles. For the curve, each hidden title is given its first n
/// events, by other viewers, and only its later positives ask.
/// </remarks>
public static class ColdTitleProtocol
{
    /// <summary>Numbers of events given to hidden titles.</summary>
    public static readonly int[] GivenEvents = [0, 1, 3, 10, 20, 30];

    /// <summary>Runs the protocol.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="embeddings">Hyper-parameters of the embeddings.</param>
    /// <param name="seed">Chooses the hidden titles.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>One result for each of <see cref="GivenEvents"/>.</returns>
    public static IReadOnlyList<ColdTitleResult> Run(
        InteractionDataSet data, EmbeddingOptions embeddings, int seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var random = new Random(seed);
        var hidden = data.Titles.Select(_ => random.NextDouble() < 0.1).ToArray();
        var node = new InProcessNode(data.Titles);
        var learner = new RankerLearner(node.Model.Ranker);
        var scratch = new Scratch();
        var warm = data.Interactions.Where(interaction => !hidden[interaction.Title]).ToArray();
        for (var i = 0; i < warm.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var engagement = warm[i].Event;
            if (i == warm.Length / 2)
            {
                node.Model = ModelTrainer.WithEmbeddings(node.Model, warm.AsSpan(0, i), node.Catalogue, embeddings, cancellation);
            }

            if (warm[i].IsPositive && i > warm.Length / 10 && i % 2 == 0)
            {
                learner.Learn(engagement.TitleId, node.TasteOf(engagement.UserId), node.Catalogue, engagement.OccurredAt, scratch);
            }

            node.Apply(engagement);
            if (i % 1000 == 0)
            {
                progress?.Report(0.7 * i / warm.Length);
            }
        }

        node.Model = ModelTrainer.WithEmbeddings(node.Model with { Ranker = learner.Publish() }, warm, node.Catalogue, embeddings, cancellation);
        return Measure(data, hidden, node, scratch, progress, cancellation);
    }

    private static List<ColdTitleResult> Measure(
        InteractionDataSet data, bool[] hidden, InProcessNode node, Scratch scratch, IProgress<double>? progress, CancellationToken cancellation)
    {
        var events = data.Interactions.Where(interaction => hidden[interaction.Title]).GroupBy(interaction => interaction.Title).ToDictionary(group => group.Key, group => group.ToArray());
        var most = GivenEvents[^1];
        var given = new int[data.Titles.Count];
        var results = new List<ColdTitleResult>();
        foreach (var count in GivenEvents)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (title, own) in events)
            {
                for (; given[title] < count && given[title] < own.Length; given[title]++)
                {
                    // To the titles only: the viewers keep the past that they had, so that all points of the curve ask the same.
                    node.ApplyToTitles(own[given[title]].Event);
                }
            }

            var all = Ask(events.Values.SelectMany(own => own.Skip(count)), hidden, data, node, scratch);
            var same = Ask(events.Values.Where(own => own.Length > most).SelectMany(own => own.Skip(most)), hidden, data, node, scratch);
            results.Add(new ColdTitleResult(count, all.Count, all.AreaUnderCurve, all.Recall10, same.AreaUnderCurve, same.Recall10));
            progress?.Report(0.7 + (0.3 * results.Count / GivenEvents.Length));
        }

        return results;
    }

    private static (int Count, double AreaUnderCurve, double Recall10) Ask(
        IEnumerable<Interaction> questions, bool[] hidden, InteractionDataSet data, InProcessNode node, Scratch scratch)
    {
        var catalogue = node.Catalogue;
        var pool = Enumerable.Range(0, hidden.Length).Where(title => hidden[title])
            .Select(title => catalogue.RowOf(node.Titles.NumberOf(data.Titles[title].TitleId))).ToArray();
        var engaged = data.Interactions.Where(interaction => hidden[interaction.Title])
            .GroupBy(interaction => interaction.User)
            .ToDictionary(group => group.Key, group => group.Select(interaction => catalogue.RowOf(node.Titles.NumberOf(interaction.Event.TitleId))).ToHashSet());
        int count = 0, hits = 0;
        double area = 0;
        foreach (var byUser in questions.Where(static interaction => interaction.IsPositive).GroupBy(static interaction => interaction.User))
        {
            var taste = node.TasteOf(data.UserIds[byUser.Key]);
            TasteScan.Run(taste, catalogue, scratch);
            TasteContext.Compute(taste, catalogue, catalogue.StreamTime, scratch.Context);
            catalogue.Model.Ranker.Weigh(scratch.Context, scratch.CandidateWeights, scratch.RankingWeights);
            CandidateScan.Score(catalogue.Blocks, scratch);
            foreach (var interaction in byUser)
            {
                var target = scratch.Scores[catalogue.RowOf(node.Titles.NumberOf(interaction.Event.TitleId))];
                double above = 0, others = 0;
                foreach (var row in pool)
                {
                    if (!engaged[byUser.Key].Contains(row))
                    {
                        others++;
                        above += scratch.Scores[row] > target ? 1 : scratch.Scores[row] == target ? 0.5 : 0;
                    }
                }

                count++;
                area += others == 0 ? 0.5 : 1 - (above / others);
                hits += above < 10 ? 1 : 0;
            }
        }

        return (count, area / Math.Max(1, count), (double)hits / Math.Max(1, count));
    }
}

/// <summary>What the cold-title protocol measured at one number of given events.</summary>
/// <param name="GivenEvents">Events that each hidden title was given.</param>
/// <param name="Questions">Hidden positives after them.</param>
/// <param name="AreaUnderCurve">Mean over all questions.</param>
/// <param name="Recall10">Mean over all questions, within the hidden titles.</param>
/// <param name="SameQuestionsAreaUnderCurve">Mean over the questions that every point of the curve has in common: the gain of events reads from these.</param>
/// <param name="SameQuestionsRecall10">The same for Recall@10.</param>
public sealed record ColdTitleResult(
    int GivenEvents, int Questions, double AreaUnderCurve, double Recall10, double SameQuestionsAreaUnderCurve, double SameQuestionsRecall10);
