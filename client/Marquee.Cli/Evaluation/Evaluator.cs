using Marquee.Training.Baselines;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;

namespace Marquee.Cli.Evaluation;

/// <summary>Runs what was asked of <c>marquee evaluate</c>, one model after the other.</summary>
internal sealed class Evaluator(InteractionDataSet data, PrequentialOptions options)
{
    private static readonly (string Label, TimeSpan Period)[] Periods =
        [("live", TimeSpan.Zero), ("minute", TimeSpan.FromMinutes(1)), ("hour", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1))];

    private readonly List<EvaluationLine> _lines = [];
    private readonly List<ColdTitleResult> _cold = [];

    /// <summary>What runs now.</summary>
    public string Activity { get; private set; } = "Reading";

    /// <summary>How far it is, in thousandths.</summary>
    public long Done { get; private set; }

    /// <summary>The result so far.</summary>
    public EvaluationReport Report => new(
        data.Name, data.Titles.Count, data.UserIds.Count, data.Interactions.Length, options.TrainShare, options.ValidationShare, [.. _lines], [.. _cold]);

    /// <summary>The engine, live and, when asked for, with delayed updates.</summary>
    public void RunEngine(bool staleness, CancellationToken cancellation)
    {
        foreach (var (label, period) in staleness ? Periods : Periods[..1])
        {
            var result = Run(new EngineModel(data.Titles, new EngineModelOptions()), options with { Staleness = period }, cancellation);
            _lines.Add(EvaluationLine.Of("marquee", label, result));
        }
    }

    /// <summary>All baselines, each with the hyper-parameters that did best on the validation period.</summary>
    public void RunBaselines(CancellationToken cancellation)
    {
        foreach (var (family, candidates) in BaselineGrid.Families)
        {
            var best = candidates.Select(create => Run(create(data), options, cancellation)).MaxBy(static result => result.Validation.Recall10)!;
            _lines.Add(EvaluationLine.Of(family, "live", best));
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
