using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;
using Marquee.Training.Data;
using Marquee.Training.Models;
using Marquee.Training.Recommendations;

namespace Marquee.Training.Evaluation;

/// <summary>How well titles are ranked of which only the metadata is known, and what their first events add.</summary>
/// <remarks>
/// <para>A random tenth of the titles is hidden: training never sees them, neither their events nor their existence, and no
/// viewer's past holds them. The stream is lived through once, in order, and each hidden positive asks at its own time: the
/// hidden titles alone are ranked for the viewer as known at that moment. (Asked at the end of the stream instead, every
/// title that once was popular would look long forgotten, and viewers would be known by what they did afterwards.)
/// The area under the curve is the share of the hidden titles that the viewer never engages with ranked below the right one;
/// Recall@10 counts within the same.</para>
/// <para>Two nodes answer, both with the model that was trained on the others' events alone. One never gets an event of a
/// hidden title: its answers are the cold figures. The other gets them as they come, like a service: its answers are the
/// points of the curve, by how many events the right title had had. Beside each stands the same question, at the same moment
/// and against the same rivals, with the right title scored as if it had had none: the difference is what its own events add.</para>
/// </remarks>
public sealed class ColdTitleProtocol
{
    /// <summary>The fewest events of each point of the curve.</summary>
    public static readonly int[] Points = [0, 1, 3, 10, 20, 30];

    private const int ListEvery = 8;

    private readonly InteractionDataSet _data;
    private readonly EmbeddingOptions _embeddings;
    private readonly ColdTitleOptions _options;
    private readonly bool[] _hidden;
    private readonly int[] _pool;
    private readonly HashSet<int>[] _engaged;
    private readonly InProcessNode _training;
    private readonly InProcessNode _blind;
    private readonly InProcessNode _live;
    private readonly RankerLearner _learner;
    private readonly Scratch _scratch = new();
    private readonly int[] _eventsOf;
    private PoolMetrics _cold;
    private readonly PoolMetrics[] _with = new PoolMetrics[Points.Length];
    private readonly PoolMetrics[] _without = new PoolMetrics[Points.Length];

    private ColdTitleProtocol(InteractionDataSet data, EmbeddingOptions embeddings, ColdTitleOptions options)
    {
        (_data, _embeddings, _options) = (data, embeddings, options);
        var random = new Random(options.Seed);
        _hidden = [.. data.Titles.Select(_ => random.NextDouble() < options.HiddenShare)];
        _pool = [.. Enumerable.Range(0, _hidden.Length).Where(title => _hidden[title])];
        _engaged = [.. data.UserIds.Select(static _ => new HashSet<int>())];
        foreach (var interaction in data.Interactions)
        {
            if (_hidden[interaction.Title])
            {
                _engaged[interaction.User].Add(interaction.Title);
            }
        }

        // The hidden titles last: so all three nodes give the others the same numbers, and a taste can be read in each.
        TitleMetadata[] warm = [.. data.Titles.Where((_, title) => !_hidden[title])];
        TitleMetadata[] all = [.. warm, .. _pool.Select(title => data.Titles[title])];
        (_training, _blind, _live) = (new InProcessNode(warm), new InProcessNode(all), new InProcessNode(all));
        _learner = new RankerLearner(_training.Model.Ranker);
        _eventsOf = new int[data.Titles.Count];
    }

    /// <summary>Runs the protocol.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="embeddings">Hyper-parameters of the embeddings.</param>
    /// <param name="options">Which titles are hidden, and from when on they ask.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between events.</param>
    public static ColdTitleResult Run(
        InteractionDataSet data, EmbeddingOptions embeddings, ColdTitleOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new ColdTitleProtocol(data, embeddings, options).Run(progress, cancellation);

    private ColdTitleResult Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var events = _data.Interactions;
        var askFrom = (int)(events.Length * _options.WarmUpShare);
        var past = new List<Interaction>(events.Length);
        for (var i = 0; i < events.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i > 0 && (i == askFrom || i % Math.Max(1, events.Length / 4) == 0))
            {
                _training.Model = ModelTrainer.WithEmbeddings(_training.Model, past.ToArray(), _training.Catalogue, _embeddings, cancellation: cancellation);
            }

            if (!_hidden[events[i].Title])
            {
                Learn(events[i], past.Count);
                past.Add(events[i]);
            }
            else
            {
                if (i >= askFrom && events[i].IsPositive)
                {
                    Ask(events[i]);
                }

                _live.ApplyToTitles(events[i].Event);
                _eventsOf[events[i].Title]++;
            }

            if (i % 1000 == 0)
            {
                progress?.Report((double)i / events.Length);
            }
        }

        var curve = Points.Select((least, i) => new ColdTitlePoint(
            least, _with[i].Count, _with[i].AreaUnderCurve, _with[i].Recall10, _without[i].AreaUnderCurve, _without[i].Recall10));
        _training.Model = ModelTrainer.WithEmbeddings(_training.Model, past.ToArray(), _training.Catalogue, _embeddings, cancellation: cancellation);
        return new ColdTitleResult(_options.Seed, _pool.Length, _cold.Count, _cold.AreaUnderCurve, _cold.Recall10, [.. curve], AskViewers(cancellation));
    }

    /// <summary>The customary question, for comparison with other studies: each viewer once, behind the end of the stream.</summary>
    private ColdViewerPoint[] AskViewers(CancellationToken cancellation)
    {
        _blind.Model = _training.Model with { Ranker = _learner.Publish() };
        var catalogue = _blind.CatalogueFor([]);
        var baseline = new ColdBaseline(_data, _hidden, _pool, catalogue, cancellation);
        double[] promises = Array.ConvertAll(_pool, title => (double)_blind.Model.Newcomers.PromiseOf(catalogue.Find(_data.Titles[title].TitleId)!));
        var (engine, promise, factorisation) = (new ColdViewers(_data, _pool), new ColdViewers(_data, _pool), new ColdViewers(_data, _pool));
        foreach (var viewer in _data.Interactions.Where(interaction => interaction.IsPositive && _hidden[interaction.Title]).GroupBy(static interaction => interaction.User))
        {
            var last = viewer.Last();
            var taste = _training.TasteOf(last.Event.UserId);
            if (taste.Recent.Length > 0)
            {
                int[] right = [.. viewer.Select(static interaction => interaction.Title)];
                engine.Add(ScorePool(taste, catalogue, _blind, last.Event.OccurredAt), right, _engaged[viewer.Key]);
                factorisation.Add(baseline.Score(viewer.Key), right, _engaged[viewer.Key]);
                promise.Add(promises, right, _engaged[viewer.Key]);
            }
        }

        return [.. engine.Points("Marquee"), .. factorisation.Points("LightFM"), .. promise.Points("popularity by metadata")];
    }

    private void Learn(in Interaction next, int number)
    {
        // The first events come before there is anything to learn from, and a few thousand lists are enough.
        if (next.IsPositive && number > _data.Interactions.Length / 20 && number % ListEvery == 0)
        {
            var taste = _training.TasteOf(next.Event.UserId);
            _learner.Learn(next.Event.TitleId, taste, _training.CatalogueFor(Past(taste)), next.Event.OccurredAt, _scratch);
        }

        _training.Apply(next.Event);
        _blind.ApplyToTitles(next.Event);
        _live.ApplyToTitles(next.Event);
    }

    private void Ask(in Interaction question)
    {
        _blind.Model = _live.Model = _training.Model = _training.Model with { Ranker = _learner.Publish() };
        var taste = _training.TasteOf(question.Event.UserId);
        // Nobody's past leads to a title that never had an event, so the first node needs no neighbours.
        var blind = Score(question, taste, _blind, _blind.CatalogueFor([]), out var rivals);
        _cold.Add(blind, rivals);
        var live = Score(question, taste, _live, _live.CatalogueFor(Past(taste)), out rivals);
        var had = _eventsOf[question.Title];
        var point = Array.FindLastIndex(Points, least => had >= least);
        _with[point].Add(live, rivals);
        _without[point].Add(blind, rivals);
    }

    private static IEnumerable<int> Past(UserTaste taste) => taste.Recent.TakeLast(NeighbourScan.CoWatchReach).Select(static entry => entry.Title);

    /// <summary>The stages of the serving pipeline with the hidden titles as the only candidates.</summary>
    private double Score(in Interaction question, UserTaste taste, InProcessNode node, CatalogueSnapshot catalogue, out double[] rivals)
    {
        var scores = ScorePool(taste, catalogue, node, question.Event.OccurredAt);
        var engaged = _engaged[question.User];
        rivals = [.. scores.Where((_, place) => !engaged.Contains(_pool[place]))];
        return scores[Array.BinarySearch(_pool, question.Title)];
    }

    /// <summary>The scores of the hidden titles, in the order of the pool.</summary>
    private double[] ScorePool(UserTaste taste, CatalogueSnapshot catalogue, InProcessNode node, long now)
    {
        TasteScan.Run(taste, catalogue, now, _scratch);
        var candidates = Array.ConvertAll(_pool, title => new Candidate(catalogue.RowOf(node.Titles.NumberOf(_data.Titles[title].TitleId)), 0));
        var places = new Dictionary<int, int>(candidates.Length);
        foreach (var candidate in candidates)
        {
            places.Add(candidate.Row, places.Count);
        }

        CandidateRanking.Order(candidates, catalogue, _scratch);
        var scores = new double[candidates.Length];
        foreach (var (row, score) in candidates)
        {
            scores[places[row]] = score;
        }

        return scores;
    }
}
