using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Recommendations;
using Marquee.Training.Sequences;

namespace Marquee.Training.Models;

/// <summary>Trains everything that a published model holds.</summary>
public static class ModelTrainer
{
    // Where, on the way from 0 to 1, living through the first part ends, its embeddings are trained, and the ranker has learned.
    private const double SplitShare = 0.1;
    private const double RankerShare = 0.4;
    private const double FinalShare = 0.85;

    /// <summary>Share of the embeddings in the time that they and the sequence tower take.</summary>
    private const double EmbeddingsShare = 0.4;

    /// <summary>Trains a model on a service's history. Deterministic for the same data and options.</summary>
    /// <remarks>
    /// The history is lived through once, as a node lives through it. Embeddings are trained on its first part, the ranker
    /// learns on lists of the rest, which those embeddings have not seen, and at the end embeddings are trained on all of it;
    /// the ranker's features keep their meaning across that.
    /// </remarks>
    /// <param name="data">Titles and events.</param>
    /// <param name="options">Hyper-parameters and seed.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops the training.</param>
    public static PublishedModel Train(
        TrainingData data, TrainingOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var events = data.ToInteractions();
        var node = new InProcessNode(data.Titles);
        var learner = new RankerLearner(PublishedModel.Untrained.Ranker);
        var scratch = new Scratch();
        var split = (int)(events.Length * options.EmbeddingShare);
        var lists = 0;
        for (var i = split; i < events.Length; i++)
        {
            lists += events[i].IsPositive ? 1 : 0;
        }

        var every = Math.Max(1, (lists + options.MostLists - 1) / Math.Max(1, options.MostLists));
        var turn = 0;
        for (var i = 0; i < events.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ref readonly var interaction = ref events[i];
            if (i == split && i > 0)
            {
                var validation = new EmbeddingValidation(events, split, node);
                var sweeps = new Share(progress, SplitShare, RankerShare);
                node.Model = WithEmbeddings(node.Model, events.AsSpan(0, split), node.Catalogue, options.Embeddings, options.Sequences, validation.Measure, sweeps, cancellation);
            }

            if (i >= split && interaction.IsPositive && turn++ % every == 0)
            {
                learner.Learn(interaction.Event.TitleId, node.TasteOf(interaction.Event.UserId), node.Catalogue, interaction.Event.OccurredAt, scratch);
            }

            node.Apply(interaction.Event);
            if (i % 1000 == 0)
            {
                progress?.Report(i < split ? SplitShare * i / split : RankerShare + ((FinalShare - RankerShare) * (i - split) / (events.Length - split)));
            }
        }

        var final = new Share(progress, FinalShare, 1);
        var model = WithEmbeddings(node.Model with { Ranker = learner.Publish() }, events, node.Catalogue, options.Embeddings, options.Sequences, null, final, cancellation);
        progress?.Report(1);
        return model with { Version = options.Version ?? model.Version, TrainedAt = options.TrainedAt };
    }

    /// <summary>The same model with embeddings, content tower and sequence tower trained anew; the ranker stays.</summary>
    /// <param name="model">The model to replace; its embeddings are where training starts.</param>
    /// <param name="past">Events to train on.</param>
    /// <param name="catalogue">The titles.</param>
    /// <param name="options">Hyper-parameters.</param>
    /// <param name="sequences">Hyper-parameters of the sequence tower; null does without.</param>
    /// <param name="validate">Ends the training of the embeddings early, see <see cref="EmbeddingTrainer.Train"/>; null for all sweeps.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops the training.</param>
    public static PublishedModel WithEmbeddings(
        PublishedModel model,
        ReadOnlySpan<Interaction> past,
        CatalogueSnapshot catalogue,
        EmbeddingOptions options,
        SequenceOptions? sequences = null,
        Func<EmbeddingModel, double>? validate = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var (first, second) = (new Share(progress, 0, sequences is null ? 1 : EmbeddingsShare), new Share(progress, EmbeddingsShare, 1));
        if (TrainEmbeddings(past, options, model.Embeddings, out var counts, validate, first, cancellation) is not { } embeddings)
        {
            return model;
        }

        var titleIds = embeddings.TitleIds;
        var known = new List<TitleEntry>();
        var weights = new List<double>();
        for (var i = 0; i < titleIds.Length; i++)
        {
            if (catalogue.Find(titleIds[i]) is { IsRecommendable: true } title)
            {
                known.Add(title);
                weights.Add(Math.Min(counts[i] / 10, 1));
            }
        }

        double[] certainty = [.. weights];
        var until = past[^1].Event.OccurredAt;
        var (content, newcomers) = NewcomerTrainer.Train(past, catalogue, known, certainty, embeddings, options.Seed, cancellation);
        return model with
        {
            Version = $"{until}",
            TrainedUntil = until,
            TrainedEvents = past.Length,
            Embeddings = embeddings,
            Content = content,
            Newcomers = newcomers,
            Sequence = sequences is null ? null : TrainSequences(past, catalogue, sequences with { Seed = options.Seed }, model.Sequence, second, cancellation),
        };
    }

    /// <summary>A sequence tower with the content tower for titles that it was not trained on.</summary>
    private static SequenceTower? TrainSequences(
        ReadOnlySpan<Interaction> past, CatalogueSnapshot catalogue, SequenceOptions options, SequenceTower? start, IProgress<double>? progress, CancellationToken cancellation)
    {
        var history = SequenceHistory.Of(past);
        if (SequenceTrainer.Train(history, options, start, progress, cancellation) is not { } tower)
        {
            return null;
        }

        var known = Enumerable.Range(0, history.TitleIds.Length).Where(row => catalogue.Find(history.TitleIds[row]) is { IsRecommendable: true }).ToArray();
        var content = ContentTowerTrainer.Train(
            [.. known.Select(row => catalogue.Find(history.TitleIds[row])!)],
            [.. known.Select(row => Math.Min(history.Positives[row] / 10, 1))],
            new EmbeddingModel(tower.Dimension, tower.TitleIds, tower.Vectors, 0, 1));
        return new SequenceTower(tower.Network, tower.Length, tower.TitleIds, tower.Vectors, content);
    }

    /// <summary>Trains embeddings on the positives among some events.</summary>
    /// <param name="past">The events.</param>
    /// <param name="options">Hyper-parameters.</param>
    /// <param name="start">Embeddings to go on from; null starts from nothing.</param>
    /// <param name="counts">How many viewers liked each title of the result.</param>
    /// <param name="validate">Ends the training early; null for all sweeps.</param>
    /// <param name="progress">Receives the share of the sweeps that is done.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>Null when there is no positive.</returns>
    internal static EmbeddingModel? TrainEmbeddings(
        ReadOnlySpan<Interaction> past,
        EmbeddingOptions options,
        EmbeddingModel? start,
        out double[] counts,
        Func<EmbeddingModel, double>? validate = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var byUser = new Dictionary<int, List<int>>();
        var seen = new HashSet<(int, int)>();
        var rows = new Dictionary<int, int>();
        var titleIds = new List<string>();
        foreach (ref readonly var interaction in past)
        {
            if (!interaction.IsPositive || !seen.Add((interaction.User, interaction.Title)))
            {
                continue;
            }

            if (!rows.TryGetValue(interaction.Title, out var row))
            {
                rows[interaction.Title] = row = titleIds.Count;
                titleIds.Add(interaction.Event.TitleId);
            }

            if (!byUser.TryGetValue(interaction.User, out var titles))
            {
                byUser[interaction.User] = titles = [];
            }

            titles.Add(row);
        }

        counts = new double[titleIds.Count];
        foreach (var list in byUser.Values)
        {
            foreach (var row in list)
            {
                counts[row]++;
            }
        }

        return titleIds.Count == 0
            ? null
            : EmbeddingTrainer.Train([.. titleIds], [.. byUser.Values.Select(static list => list.ToArray())], options, start, validate, progress, cancellation);
    }

    /// <summary>Progress of a part, as progress of the whole.</summary>
    private sealed class Share(IProgress<double>? whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole?.Report(from + ((to - from) * value));
    }
}
