using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;

namespace Marquee.Training.Evaluation.SecondStage;

/// <summary>The engine under the prequential protocol with another second stage, fitted on lists of the past, behind its own.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Each positive is one list: the engine's <see cref="Candidates"/> best, described by what was known before it.</item>
/// <item>Whenever the protocol has models retrained, from the validation period on, every trainer is fitted on the newest lists.</item>
/// <item>Each fitted ranker alone and each mixed with the engine's score ranks the lists of the validation period; the
/// variant with the highest Recall@10 there ranks the test. Lists of the test are learned from as they pass, as the engine does.</item>
/// <item>What the engine's diversity rule does to its own order it does to this one.</item>
/// </list>
/// </remarks>
public sealed class SecondStageModel : IPrequentialModel
{
    /// <summary>How many of the engine's best are ranked anew.</summary>
    public const int Candidates = 100;

    private const int MostLists = 12_000;
    private const int BestOthers = 30;
    private const int OthersByChance = 15;

    /// <summary>How much of the new score is added to the engine's own; infinity: the new score alone.</summary>
    private static readonly double[] Shares = [double.PositiveInfinity, 1, 0.3];

    private readonly EngineModel _engine;
    private readonly TrainingListBuffer _lists = new(MostLists, BestOthers, OthersByChance);
    private readonly List<Variant> _variants;
    private readonly Scratch _scratch = new();
    private readonly int _validationFrom;
    private readonly int _testFrom;
    private readonly int _warmUp;
    private RankingMetrics _engineValidation;
    private Variant? _chosen;
    private CandidateList? _last;
    private int _learned;

    /// <summary>A node with a catalogue and no events.</summary>
    /// <param name="data">The data set that the protocol will run over.</param>
    /// <param name="periods">Its periods.</param>
    /// <param name="trainers">The grid.</param>
    /// <param name="engine">What of the engine takes part.</param>
    public SecondStageModel(InteractionDataSet data, PrequentialOptions periods, IReadOnlyList<IListRankerTrainer> trainers, EngineModelOptions engine)
    {
        _engine = new EngineModel(data.Titles, engine);
        _warmUp = engine.WarmUpEvents;
        _validationFrom = periods.ValidationFrom(data.Interactions.Length);
        _testFrom = periods.TestFrom(data.Interactions.Length);
        _variants = [.. trainers.SelectMany(static trainer => Shares.Select(share => new Variant(trainer, share)))];
    }

    /// <inheritdoc/>
    public string Name => "Marquee, another second stage";

    /// <summary>The variant that the validation period chose; null before its end.</summary>
    public string? ChosenName => _chosen?.Name;

    /// <summary>The engine's own order and every variant, with what each measured in the validation period.</summary>
    public IReadOnlyList<(string Name, RankingMetrics Validation)> Grid => [("the engine's own order", _engineValidation), .. _variants.Select(static variant => (variant.Name, variant.Validation))];

    /// <summary>What a run of the protocol measured, with the name and the validation figures of the variant that was chosen.</summary>
    public PrequentialResult Chosen(PrequentialResult run) =>
        _chosen is { } chosen ? run with { Model = $"Marquee, {chosen.Name}", Validation = chosen.Validation } : run;

    /// <inheritdoc/>
    public int Rank(in Interaction next)
    {
        var engineRank = _engine.Rank(next);
        _last = ListOf(next);
        if (_chosen is { } chosen)
        {
            return chosen.Rank(_last) ?? engineRank;
        }

        _engineValidation.Add(engineRank);
        foreach (var variant in _variants)
        {
            variant.Validation.Add(variant.Rank(_last) ?? engineRank);
        }

        return engineRank;
    }

    /// <inheritdoc/>
    public void Learn(in Interaction interaction)
    {
        if (interaction.IsPositive && _learned > _warmUp)
        {
            var list = ReferenceEquals(_last?.Interaction, interaction.Event) ? _last : ListOf(interaction);
            if (list is { Target: >= 0 and var target })
            {
                _lists.Add(list.Features, target);
            }
        }

        _last = null;
        _learned++;
        _engine.Learn(interaction);
    }

    /// <inheritdoc/>
    public void Retrain(ReadOnlyMemory<Interaction> past)
    {
        _engine.Retrain(past);
        if (past.Length < _validationFrom || _lists.Lists is not { Count: > 0 } lists)
        {
            return;
        }

        if (past.Length >= _testFrom)
        {
            _chosen ??= _variants.MaxBy(static variant => variant.Validation.Recall10);
        }

        foreach (var sameTrainer in _variants.Where(variant => _chosen is null || variant == _chosen).GroupBy(static variant => variant.Trainer))
        {
            var ranker = sameTrainer.Key.Fit(lists);
            foreach (var variant in sameTrainer)
            {
                variant.Ranker = ranker;
            }
        }
    }

    private CandidateList ListOf(in Interaction next)
    {
        var (taste, catalogue) = (_engine.Node.TasteOf(next.Event.UserId), _engine.Node.Catalogue);
        var request = new RecommendationRequest { Now = next.Event.OccurredAt, Count = Candidates, Country = next.Event.Country, Diversify = false };
        var items = RecommendationPipeline.Recommend(request, taste, catalogue, _scratch).Items;
        Candidate[] candidates = [.. items.Select(item => new Candidate(catalogue.RowOf(item.Number), item.Score))];
        var row = catalogue.RowOf(catalogue.Titles.NumberOf(next.Event.TitleId));
        return new CandidateList(next.Event, candidates, ListFeatures.Of(candidates, catalogue, _scratch), Array.FindIndex(candidates, candidate => candidate.Row == row), catalogue);
    }

    /// <summary>The candidates of one ranking.</summary>
    private sealed record CandidateList(object Interaction, Candidate[] Candidates, float[] Features, int Target, CatalogueSnapshot Catalogue);

    /// <summary>A trainer, and how its score is used.</summary>
    private sealed class Variant(IListRankerTrainer trainer, double share)
    {
        private readonly double[] _scores = new double[Candidates];

        public RankingMetrics Validation;

        public IListRankerTrainer Trainer => trainer;

        public string Name => double.IsPositiveInfinity(share) ? $"{trainer.Name}, alone" : FormattableString.Invariant($"{trainer.Name}, {share:0.#} of it added to the engine's score");

        public IListRanker? Ranker { get; set; }

        /// <summary>The rank of the right title; null while nothing is fitted.</summary>
        public int? Rank(CandidateList list)
        {
            if (Ranker is null)
            {
                return null;
            }

            if (list.Target < 0)
            {
                return int.MaxValue;
            }

            var scores = _scores.AsSpan(0, list.Candidates.Length);
            Ranker.Score(list.Features, scores);
            var ordered = new Candidate[scores.Length];
            for (var i = 0; i < ordered.Length; i++)
            {
                var candidate = list.Candidates[i];
                ordered[i] = candidate with { Score = double.IsPositiveInfinity(share) ? scores[i] : candidate.Score + (share * scores[i]) };
            }

            Array.Sort(ordered);
            var row = list.Candidates[list.Target].Row;
            var place = DiversityReRanking.Choose(ordered, IPrequentialModel.DeepestRank, list.Catalogue).FindIndex(candidate => candidate.Row == row);
            return place < 0 ? int.MaxValue : place + 1;
        }
    }
}
