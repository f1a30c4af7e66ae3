using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Models;
using Marquee.Training.Recommendations;

namespace Marquee.Training.Evaluation;

/// <summary>Marquee itself under the prequential protocol: the serving pipeline on live state, a ranker that learns from each positive, embeddings retrained as the stream goes on.</summary>
public sealed class EngineModel : IPrequentialModel
{
    private readonly InProcessNode _node;
    private readonly RankerLearner _learner;
    private readonly Scratch _scratch = new();
    private readonly EngineModelOptions _options;
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
    public int Rank(in Interaction next)
    {
        if (_options.LearnsRanking)
        {
            _node.Model = _node.Model with { Ranker = _learner.Publish() };
        }

        var request = new RecommendationRequest { Now = next.Event.OccurredAt, Count = IPrequentialModel.DeepestRank, Country = next.Event.Country };
        var slate = RecommendationPipeline.Recommend(request, _node.TasteOf(next.Event.UserId), _node.Catalogue, _scratch);
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
            _learner.Learn(engagement.TitleId, _node.TasteOf(engagement.UserId), _node.Catalogue, engagement.OccurredAt, _scratch);
        }

        _node.Apply(engagement);
    }

    /// <inheritdoc/>
    public void Retrain(ReadOnlyMemory<Interaction> past)
    {
        if (_options.Embeddings is { } embeddings)
        {
            _node.Model = ModelTrainer.WithEmbeddings(_node.Model, past.Span, _node.Catalogue, embeddings);
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

    /// <summary>Events before which the ranker does not learn: of an empty catalogue there is nothing to learn.</summary>
    public int WarmUpEvents { get; init; } = 5_000;
}
