using System.Diagnostics;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;
using Marquee.Training.Data;
using Marquee.Training.Models;
using Marquee.Training.Recommendations;
using Marquee.Training.Sequences;

namespace Marquee.Training.Evaluation;

/// <summary>Marquee itself under the prequential protocol: the serving pipeline on live state, a ranker that learns from each positive, embeddings retrained as the stream goes on.</summary>
public sealed class EngineModel : IPrequentialModel
{
    private readonly InProcessNode _node;
    private readonly RankerLearner _learner;
    private readonly Scratch _scratch = new();
    private readonly EngineModelOptions _options;
    private readonly StepTimer _ranking = new();
    private readonly StepTimer _learning = new();
    private readonly StepTimer _state = new();
    private (EngagementEvent? Event, UserTaste? Taste, CatalogueSnapshot? Catalogue) _ranked;
    private int _learned;

    /// <summary>A node with a catalogue and no events.</summary>
    public EngineModel(IEnumerable<TitleMetadata> titles, EngineModelOptions options)
    {
        _node = new InProcessNode(titles);
        _options = options;
        _learner = new RankerLearner(_node.Model.Ranker);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <summary>The node, for what else is to be measured on it.</summary>
    public InProcessNode Node => _node;

    /// <inheritdoc/>
    public StepCosts Costs => new(_ranking.Median, _learning.Median, _state.Median);

    /// <inheritdoc/>
    public int Rank(in Interaction next)
    {
        var (taste, catalogue) = (_node.TasteOf(next.Event.UserId), _node.Catalogue);
        var started = Stopwatch.GetTimestamp();
        var request = new RecommendationRequest { Now = next.Event.OccurredAt, Count = IPrequentialModel.DeepestRank, Country = next.Event.Country };
        var slate = RecommendationPipeline.Recommend(request, taste, catalogue, _scratch);
        _ranking.AddSince(started);
        if (_options.Diversity is { } diversity && diversity.Counts(_learned))
        {
            // On the same state, so that what the ranking left in the working memory is the same too.
            var without = RecommendationPipeline.Recommend(request with { Diversify = false }, taste, catalogue, _scratch);
            diversity.Add(next.User, next.Event.TitleId, slate, without, catalogue);
        }

        _ranked = (next.Event, taste, catalogue);
        for (var i = 0; i < slate.Items.Count; i++)
        {
            if (slate.Items[i].TitleId == next.Event.TitleId)
            {
                return i + 1;
            }
        }

        return int.MaxValue;
    }

    /// <inheritdoc/>
    public void Learn(in Interaction interaction)
    {
        var engagement = interaction.Event;
        _learned++;
        if (_options.LearnsRanking && interaction.IsPositive && _learned > _options.WarmUpEvents)
        {
            LearnRanking(engagement);
            _node.Model = _node.Model with { Ranker = _learner.Publish() };
        }

        var started = Stopwatch.GetTimestamp();
        _node.Apply(engagement);
        if (interaction.IsPositive)
        {
            _ = _node.Catalogue;
            _state.AddSince(started);
        }
    }

    private void LearnRanking(EngagementEvent engagement)
    {
        var (taste, catalogue) = (_node.TasteOf(engagement.UserId), _node.Catalogue);
        if (!ReferenceEquals(_ranked.Event, engagement) || !ReferenceEquals(_ranked.Taste, taste) || !ReferenceEquals(_ranked.Catalogue, catalogue))
        {
            _learner.Learn(engagement.TitleId, taste, catalogue, engagement.OccurredAt, _scratch);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        _learner.LearnFromRanking(engagement.TitleId, taste, catalogue, _scratch);
        _learning.AddSince(started);
    }

    /// <inheritdoc/>
    public void Retrain(ReadOnlyMemory<Interaction> past)
    {
        if (_options.Embeddings is { } embeddings)
        {
            _node.Model = ModelTrainer.WithEmbeddings(_node.Model, past.Span, _node.Catalogue, embeddings, _options.Sequences);
        }
    }
}

/// <summary>What of the engine takes part.</summary>
public sealed record EngineModelOptions
{
    /// <summary>Printed in result tables.</summary>
    public string Name { get; init; } = "Marquee";

    /// <summary>Whether the ranker learns from the stream; otherwise its weights are those that come with the program.</summary>
    public bool LearnsRanking { get; init; } = true;

    /// <summary>Hyper-parameters of the embeddings; null does without.</summary>
    public EmbeddingOptions? Embeddings { get; init; } = new();

    /// <summary>Gets each list of the test period with and without diversity re-ranking; null: nobody asks.</summary>
    public DiversityComparison? Diversity { get; init; }

    /// <summary>Hyper-parameters of the sequence tower; null does without.</summary>
    public SequenceOptions? Sequences { get; init; } = new();

    /// <summary>Events before which the ranker does not learn: of an empty catalogue there is nothing to learn.</summary>
    public int WarmUpEvents { get; init; } = 5_000;
}
