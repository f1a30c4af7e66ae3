using Marquee.Cli.Evaluation.LambdaRank;
using Marquee.Cli.Import;
using Marquee.Client;
using Marquee.Training.Baselines;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Evaluation.SecondStage;
using Marquee.Training.Models;

namespace Marquee.Cli.Evaluation;

/// <summary>Runs what was asked of <c>marquee evaluate</c>, one model after the other.</summary>
/// <param name="data">The data set.</param>
/// <param name="faults">Lines of it that were left out.</param>
/// <param name="options">Periods.</param>
internal sealed class Evaluator(InteractionDataSet data, LineFaults faults, PrequentialOptions options)
{
    private static readonly (string Label, TimeSpan Period)[] Periods =
        [("live", TimeSpan.Zero), ("minute", TimeSpan.FromMinutes(1)), ("hour", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1))];

    private readonly List<EvaluationLine> _lines = [];
    private readonly List<ColdTitleResult> _cold = [];
    private readonly List<GridLine> _grid = [];
    private DiversityLine? _diversity;

    /// <summary>What runs now.</summary>
    public string Activity { get; private set; } = "Reading";

    /// <summary>How far it is, in thousandths.</summary>
    public long Done { get; private set; }

    /// <summary>The result so far.</summary>
    public EvaluationReport Report => new(
        data.Name, data.Titles.Count, data.UserIds.Count, data.Interactions.Length, options.TrainShare, options.ValidationShare,
        [.. _lines], [.. _cold], _diversity, [.. _grid], faults.SkippedLines, faults.Kept());

    /// <summary>Names of the update periods.</summary>
    public static IEnumerable<string> PeriodNames => Periods.Select(static period => period.Label);

    /// <summary>The engine, with updates at once or delayed by each of some periods.</summary>
    /// <param name="periods">Names of update periods.</param>
    /// <param name="untrained">Ranks as the program starts: no embeddings, the ranker that comes with it.</param>
    /// <param name="withoutSequence">Trains no sequence tower.</param>
    /// <param name="diversity">Compares with diversity re-ranking off, over the lists of the live run.</param>
    /// <param name="cancellation">Stops between events.</param>
    public void RunEngine(IReadOnlyCollection<string> periods, bool untrained, bool withoutSequence, bool diversity, CancellationToken cancellation)
    {
        var engine = untrained ? new EngineModelOptions { Name = "Marquee, untrained", LearnsRanking = false, Embeddings = null }
            : withoutSequence ? new EngineModelOptions { Name = "Marquee, without sequence", Sequences = null }
            : new EngineModelOptions();
        foreach (var (label, period) in Periods.Where(period => periods.Contains(period.Label)))
        {
            var comparison = diversity && period == TimeSpan.Zero ? new DiversityComparison(options.TestFrom(data.Interactions.Length)) : null;
            var result = Run(new EngineModel(data.Titles, engine with { Diversity = comparison }), options with { Staleness = period }, cancellation);
            _lines.Add(EvaluationLine.Of("marquee", label, result));
            _diversity = comparison?.Result() is { } compared ? DiversityLine.Of(compared) : _diversity;
        }
    }

    /// <summary>The engine with boosted trees in the place of its second stage; the validation period chooses their hyper-parameters.</summary>
    public void RunLambdaRank(CancellationToken cancellation)
    {
        var model = new SecondStageModel(data, options, LambdaRankTrainer.Grid, new EngineModelOptions());
        _lines.Add(EvaluationLine.Of("lightgbm", "live", model.Chosen(Run(model, options, cancellation))));
        _grid.AddRange(model.Grid.Select(GridLine.Of));
    }

    /// <summary>A running, empty node.</summary>
    public async Task RunServiceAsync(MarqueeClient client, CancellationToken cancellation)
    {
        Activity = "sending titles";
        _lines.Add(EvaluationLine.Of("service", "live", Run(await ServiceModel.CreateAsync(client, data, cancellation), options, cancellation)));
    }

    /// <summary>Baselines, each with the hyper-parameters that did best on the validation period; only the chosen one runs the test.</summary>
    /// <param name="families">Names of families of <see cref="BaselineGrid"/>; all when there are none.</param>
    /// <param name="cancellation">Stops between events.</param>
    public void RunBaselines(IReadOnlyCollection<string> families, CancellationToken cancellation)
    {
        var validation = options with { ValidationOnly = true };
        foreach (var (family, candidates) in BaselineGrid.Families.Where(family => families.Count == 0 || families.Contains(family.Family)))
        {
            var chosen = candidates.Count == 1
                ? candidates[0]
                : candidates.MaxBy(create => Run(create(data), validation, cancellation).Validation.Recall10)!;
            _lines.Add(EvaluationLine.Of(family, "live", Run(chosen(data), options, cancellation)));
        }
    }

    /// <summary>The cold-title protocol, once for each seed.</summary>
    public void RunColdTitles(IEnumerable<int> seeds, CancellationToken cancellation)
    {
        foreach (var seed in seeds)
        {
            Activity = $"cold titles {seed}";
            _cold.Add(ColdTitleProtocol.Run(data, new EmbeddingOptions(), new ColdTitleOptions { Seed = seed }, new Reporter(this), cancellation));
        }
    }

    private PrequentialResult Run(IPrequentialModel model, PrequentialOptions run, CancellationToken cancellation)
    {
        Activity = model.Name;
        return PrequentialProtocol.Run(data, model, run, new Reporter(this), cancellation);
    }

    private sealed class Reporter(Evaluator evaluator) : IProgress<double>
    {
        public void Report(double value) => evaluator.Done = (long)(1000 * value);
    }
}
