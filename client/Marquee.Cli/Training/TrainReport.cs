using System.Text.Json.Serialization;
using Marquee.Cli.Import;
using Marquee.Engine.Models;
using Marquee.Training.Evaluation;

namespace Marquee.Cli.Training;

/// <summary>The JSON document of <c>marquee train --json</c>.</summary>
/// <param name="Version">The model's name.</param>
/// <param name="File">Where it was written.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Events">How many events it was trained on.</param>
/// <param name="Titles">How many titles have an embedding.</param>
/// <param name="Trial">How it ranks the last day; null when that was trained on, or too little.</param>
/// <param name="SkippedLines">Lines of the data that could not be read and were left out.</param>
/// <param name="Errors">The first of them.</param>
internal sealed record TrainReport(
    string Version, string File, long Bytes, long Events, int Titles, TrialReport? Trial, int SkippedLines, IReadOnlyList<LineFault> Errors)
{
    public static TrainReport Of(PublishedModel model, string file, long bytes, ModelTrialResult? trial, LineFaults faults) => new(
        model.Version,
        file,
        bytes,
        model.TrainedEvents,
        model.Embeddings?.TitleIds.Length ?? 0,
        trial is null ? null : new TrialReport(trial.Lists, trial.Recall10, trial.Ndcg10, trial.CurrentRecall10, trial.CurrentNdcg10),
        faults.SkippedLines,
        faults.Kept());
}

/// <summary>A model beside the ranker that comes with the program, on events that it was not trained on.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="Recall10">Recall@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
/// <param name="UntrainedRecall10">Recall@10 of the ranker that comes with the program.</param>
/// <param name="UntrainedNdcg10">NDCG@10 of the ranker that comes with the program.</param>
internal sealed record TrialReport(int Lists, double Recall10, double Ndcg10, double UntrainedRecall10, double UntrainedNdcg10);

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrainReport))]
internal sealed partial class TrainJson : JsonSerializerContext;
