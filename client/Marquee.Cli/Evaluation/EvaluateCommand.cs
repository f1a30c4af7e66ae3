using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Marquee.Cli.DataSets;
using Marquee.Cli.Import;
using Marquee.Cli.Nodes;
using Marquee.Cli.Terminal;
using Marquee.Training.Baselines;
using Marquee.Training.Evaluation;

namespace Marquee.Cli.Evaluation;

/// <summary><c>marquee evaluate</c>: how well the engine and the baselines rank a data set, each event ranked with what was known before it.</summary>
internal static class EvaluateCommand
{
    private const double TrainShare = 0.60;
    private const double ValidationShare = 0.15;

    public static Command Create(CommandContext context)
    {
        var paths = new Argument<string[]>("path") { Description = DataSetReader.PathDescription, Arity = ArgumentArity.OneOrMore };
        var baselines = new Option<string[]>("--baselines")
        {
            Description = "Run the baselines too, each tuned on the validation period: all, or those named.",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        baselines.AcceptOnlyFromAmong([.. BaselineGrid.Families.Select(static family => family.Family)]);
        var cold = new Option<bool>("--cold") { Description = "Run the cold-title protocol too." };
        var seeds = new Option<int[]>("--cold-seeds")
        {
            Description = "Run only the cold-title protocol, once for each of these choices of hidden titles.",
            AllowMultipleArgumentsPerToken = true,
        };
        var staleness = new Option<string[]>("--staleness")
        {
            Description = "How late the engine learns, in stream time: all of these, or those named.",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        staleness.AcceptOnlyFromAmong([.. Evaluator.PeriodNames]);
        var diversity = new Option<bool>("--diversity") { Description = "Compare the engine's lists of the test period with diversity re-ranking on and off." };
        var ranker = new Option<string?>("--ranker") { Description = "Run the engine with another second stage too: lightgbm, boosted trees fitted on the lists of the past." };
        ranker.AcceptOnlyFromAmong("lightgbm");
        var withoutEngine = new Option<bool>("--without-engine") { Description = "Leave the engine out of the prequential protocol." };
        var untrained = new Option<bool>("--untrained") { Description = "Run the engine as the program starts: no embeddings, the ranker that comes with it." };
        var withoutSequence = new Option<bool>("--without-sequence") { Description = "Run the engine without a sequence tower." };
        var url = NodeOption.Create();
        url.Description = "Run an empty node too, over HTTP; with --Marquee:Training=false it ranks like --untrained.";
        url.DefaultValueFactory = null;
        var train = new Option<double>("--train-share") { Description = "Share of the events, by time, that only train.", DefaultValueFactory = static _ => TrainShare };
        var validation = new Option<double>("--validation-share") { Description = "Share of the events after them that choose hyper-parameters; the rest is the test.", DefaultValueFactory = static _ => ValidationShare };
        var command = new DescribedCommand("evaluate", "Measures how well the engine ranks a data set, beside every baseline.")
        {
            Examples =
            [
                "marquee evaluate sample/movietweetings-2013",
                "marquee evaluate ml-latest-small --baselines --cold",
                "marquee evaluate sample/movietweetings-2013 --cold-seeds 1 2 3",
                "marquee evaluate ml-latest-small --without-engine --baselines ease ials",
                "marquee evaluate sample/movietweetings-2013 --staleness --json",
                "marquee evaluate titles.ndjson events.ndjson.gz --diversity",
            ],
        };
        command.Add(paths);
        foreach (var option in (Option[])[baselines, cold, seeds, staleness, diversity, ranker, withoutEngine, untrained, withoutSequence, url, train, validation])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(ranker) is not null && RuntimeInformation.ProcessArchitecture != Architecture.X64)
            {
                result.AddError("--ranker lightgbm needs an x64 processor: LightGBM comes without a library for others.");
            }

            // A default is not there yet when validators run.
            var first = result.GetResult(train) is null ? TrainShare : result.GetValue(train);
            var second = result.GetResult(validation) is null ? ValidationShare : result.GetValue(validation);
            if (!(first > 0 && second > 0 && first + second < 1))
            {
                result.AddError("--train-share and --validation-share must be above 0 and leave a rest for the test.");
            }
        });
        command.Does(context, async (parse, cancellationToken) =>
        {
            var faults = new LineFaults();
            var data = await DataSetReader.ReadAsync(parse.GetRequiredValue(paths), faults, context, cancellationToken);
            var json = parse.GetValue(MarqueeCommand.Json);
            FaultSummary.Write(context, json, faults);
            var options = new PrequentialOptions { TrainShare = parse.GetValue(train), ValidationShare = parse.GetValue(validation) };
            var evaluator = new Evaluator(data, faults, options);
            var chosen = parse.GetValue(seeds) ?? [];
            await ProgressDisplay.RunAsync(
                context,
                json,
                async () =>
                {
                    if (chosen.Length > 0)
                    {
                        evaluator.RunColdTitles(chosen, cancellationToken);
                        return;
                    }

                    if (!parse.GetValue(withoutEngine))
                    {
                        evaluator.RunEngine(PeriodsOf(parse.GetResult(staleness), staleness), parse.GetValue(untrained), parse.GetValue(withoutSequence), parse.GetValue(diversity), cancellationToken);
                    }

                    if (parse.GetValue(ranker) is not null)
                    {
                        evaluator.RunLambdaRank(cancellationToken);
                    }

                    if (parse.GetValue(url) is { } address)
                    {
                        await evaluator.RunServiceAsync(NodeOption.Connect(context, address, context.QueryPatience), cancellationToken);
                    }

                    if (parse.GetResult(baselines) is { } named)
                    {
                        evaluator.RunBaselines(named.GetValue(baselines) ?? [], cancellationToken);
                    }

                    if (parse.GetValue(cold))
                    {
                        evaluator.RunColdTitles([new ColdTitleOptions().Seed], cancellationToken);
                    }
                },
                () => [new ProgressState(evaluator.Activity, evaluator.Done, 1000, "")]);
            if (json)
            {
                JsonOutput.Write(context, evaluator.Report, EvaluationJson.Default.EvaluationReport);
            }
            else
            {
                EvaluationTable.Write(context, evaluator.Report);
            }

            return FaultSummary.ToExitCode(faults);
        });
        return command;
    }

    /// <summary>Live only, unless staleness was asked for.</summary>
    private static IReadOnlyCollection<string> PeriodsOf(OptionResult? asked, Option<string[]> staleness)
    {
        var all = Evaluator.PeriodNames.ToArray();
        return asked is null ? all[..1] : asked.GetValue(staleness) is { Length: > 0 } named ? named : all;
    }
}
