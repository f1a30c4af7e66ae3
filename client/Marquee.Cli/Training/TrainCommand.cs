using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Terminal;
using Marquee.Engine.Models;
using Marquee.Training.Data;
using Marquee.Training.Models;

namespace Marquee.Cli.Training;

/// <summary><c>marquee train</c>: trains a model on a data set and writes it to a file.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder in MovieLens format: movies.csv and ratings.csv (or .tsv, or gzipped)." };
        folder.AcceptExistingOnly();
        var output = new Option<FileInfo>("--output") { Description = "Where to write the model.", DefaultValueFactory = static _ => new FileInfo("marquee.model") };
        var dimension = new Option<int>("--dimension") { Description = "Length of the embeddings, a multiple of 8.", DefaultValueFactory = static _ => 64 };
        var seed = new Option<int>("--seed") { Description = "The same seed and data give the same model.", DefaultValueFactory = static _ => 1 };
        var command = new DescribedCommand("train", "Trains a model on a data set and writes it to a file.")
        {
            Examples = ["marquee train sample/movietweetings-2013 --output sample.model"],
        };
        command.Add(folder);
        foreach (var option in (Option[])[output, dimension, seed])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(dimension) is not (> 0 and <= 1024) || result.GetValue(dimension) % 8 != 0)
            {
                result.AddError("--dimension must be a multiple of 8 from 8 to 1024.");
            }
        });
        command.Does(context, async (parse, cancellationToken) =>
        {
            var data = MovieLensReader.Read(parse.GetRequiredValue(folder).FullName);
            var history = new TrainingData([.. data.Titles], [.. data.Interactions.Select(static interaction => interaction.Event)]);
            var options = new TrainingOptions
            {
                Embeddings = new EmbeddingOptions { Dimension = parse.GetValue(dimension), Seed = parse.GetValue(seed) },
            };
            var progress = new Progress();
            PublishedModel? model = null;
            await ProgressDisplay.RunAsync(
                context,
                parse.GetValue(MarqueeCommand.Json),
                () =>
                {
                    model = ModelTrainer.Train(history, options, progress, cancellationToken);
                    return Task.CompletedTask;
                },
                () => [new ProgressState("Training", progress.Thousandths, 1000, "")]);
            var bytes = PublishedModelCodec.ToBytes(model!);
            var file = parse.GetRequiredValue(output);
            await File.WriteAllBytesAsync(file.FullName, bytes, cancellationToken);
            if (parse.GetValue(MarqueeCommand.Json))
            {
                JsonOutput.Write(context, new TrainReport(model!.Version, file.FullName, bytes.Length, model.Embeddings?.TitleIds.Length ?? 0), TrainJson.Default.TrainReport);
            }
            else
            {
                context.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"Model {model!.Version} with {model.Embeddings?.TitleIds.Length ?? 0:N0} title embeddings: {file.FullName} ({bytes.Length:N0} bytes)"));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private sealed class Progress : IProgress<double>
    {
        public long Thousandths { get; private set; }

        public void Report(double value) => Thousandths = (long)(1000 * value);
    }
}
