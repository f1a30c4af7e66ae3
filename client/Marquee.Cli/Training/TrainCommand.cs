using System.CommandLine;
using System.Globalization;
using Marquee.Cli.DataSets;
using Marquee.Cli.Import;
using Marquee.Cli.Terminal;
using Marquee.Engine.Models;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;
using Marquee.Training.Sequences;

namespace Marquee.Cli.Training;

/// <summary><c>marquee train</c>: trains a model on a data set and writes it to a file.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        var paths = new Argument<string[]>("path") { Description = DataSetReader.PathDescription, Arity = ArgumentArity.OneOrMore };
        var output = new Option<FileInfo>("--output") { Description = "Where to write the model.", DefaultValueFactory = static _ => new FileInfo("marquee.model") };
        var dimension = new Option<int>("--dimension") { Description = "Length of the embeddings, a multiple of 8.", DefaultValueFactory = static _ => 64 };
        var name = new Option<string?>("--name") { Description = "Names the version: letters, digits or . _ ~ -. The time of the newest event when left out." };
        var everything = new Option<bool>("--everything") { Description = "Train on the last day too; nothing is left then to tell how well the model ranks." };
        var withoutSequence = new Option<bool>("--without-sequence") { Description = "Train no sequence tower." };
        var seed = new Option<int>("--seed") { Description = "The same seed and data give the same model.", DefaultValueFactory = static _ => 1 };
        var command = new DescribedCommand("train", "Trains a model on a data set and writes it to a file.")
        {
            Notes =
            [
                "The last day of the data is left out of the training and tells how well the model ranks, beside the ranker that comes with the program. The embeddings' training stops early when later events say so.",
                "A node takes the file with 'marquee models publish'.",
            ],
            Examples = ["marquee train sample/movietweetings-2013 --output sample.model", "marquee train titles.ndjson events.ndjson.gz"],
        };
        command.Add(paths);
        foreach (var option in (Option[])[output, name, dimension, seed, everything, withoutSequence])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } given && (given.Length is 0 or > 128 || given.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '~' or '-')) || given is "." or ".." or "untrained"))
            {
                result.AddError("--name takes 1 to 128 letters, digits or . _ ~ -, and not 'untrained'.");
            }

            // A default is not there yet when validators run.
            if (result.GetResult(dimension) is not null && (result.GetValue(dimension) is not (> 0 and <= 1024) || result.GetValue(dimension) % 8 != 0))
            {
                result.AddError("--dimension must be a multiple of 8 from 8 to 1024.");
            }
        });
        command.Does(context, async (parse, cancellationToken) =>
        {
            var faults = new LineFaults();
            var data = await DataSetReader.ReadAsync(parse.GetRequiredValue(paths), faults, context, cancellationToken);
            var (all, reported) = (parse.GetValue(everything), parse.GetValue(MarqueeCommand.Json));
            FaultSummary.Write(context, reported, faults);
            var history = new TrainingData([.. data.Titles], [.. data.Interactions.Select(static interaction => interaction.Event)]);
            var options = new TrainingOptions
            {
                Version = parse.GetValue(name),
                TrainedAt = context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
                Sequences = parse.GetValue(withoutSequence) ? null : new SequenceOptions(),
                Embeddings = new EmbeddingOptions { Dimension = parse.GetValue(dimension), Seed = parse.GetValue(seed) },
            };
            var progress = new Progress();
            PublishedModel? model = null;
            ModelTrialResult? trial = null;
            await ProgressDisplay.RunAsync(
                context,
                reported,
                () =>
                {
                    model = ModelTrainer.Train(all ? history : ModelTrial.WithoutPeriod(history), options, progress, cancellationToken);
                    progress.Activity = "Judging";
                    trial = all ? null : ModelTrial.Run(history, model, PublishedModel.Untrained, cancellationToken);
                    return Task.CompletedTask;
                },
                () => [new ProgressState(progress.Activity, progress.Thousandths, 1000, "")]);
            var bytes = PublishedModelCodec.ToBytes(model!);
            var file = parse.GetRequiredValue(output);
            await File.WriteAllBytesAsync(file.FullName, bytes, cancellationToken);
            var report = TrainReport.Of(model!, file.FullName, bytes.Length, trial, faults);
            if (reported)
            {
                JsonOutput.Write(context, report, TrainJson.Default.TrainReport);
            }
            else
            {
                Write(context, report);
            }

            return FaultSummary.ToExitCode(faults);
        });
        return command;
    }

    private static void Write(CommandContext context, TrainReport report)
    {
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Model {report.Version}, trained on {report.Events:N0} events, with {report.Titles:N0} title embeddings: {report.File} ({report.Bytes:N0} bytes)"));
        context.Output.WriteLine(report.Trial is { } trial
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Over {trial.Lists:N0} lists of the last day: Recall@10 {trial.Recall10:.0000}, NDCG@10 {trial.Ndcg10:.0000}; the ranker that comes with the program has {trial.UntrainedRecall10:.0000} and {trial.UntrainedNdcg10:.0000}.")
            : "There is no day left to tell how well it ranks.");
    }

    private sealed class Progress : IProgress<double>
    {
        public string Activity { get; set; } = "Training";

        public long Thousandths { get; private set; }

        public void Report(double value) => Thousandths = (long)(1000 * value);
    }
}
