using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Trains everything that a published model holds.</summary>
public static class ModelTrainer
{
    /// <summary>The same model with embeddings and a content tower trained anew; the ranker stays.</summary>
    /// <param name="model">The model to replace.</param>
    /// <param name="past">Events to train on.</param>
    /// <param name="catalogue">The titles.</param>
    /// <param name="options">Hyper-parameters.</param>
    public static PublishedModel WithEmbeddings(
        PublishedModel model, ReadOnlySpan<Interaction> past, CatalogueSnapshot catalogue, EmbeddingOptions options)
    {
        if (TrainEmbeddings(past, options, out var counts) is not { } embeddings)
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

        var until = past[^1].Event.OccurredAt;
        return model with
        {
            Version = $"{until}",
            TrainedUntil = until,
            Embeddings = embeddings,
            Content = ContentTowerTrainer.Train(known, [.. weights], embeddings),
        };
    }

    /// <summary>Trains embeddings on the positives among some events.</summary>
    /// <param name="past">The events.</param>
    /// <param name="options">Hyper-parameters.</param>
    /// <param name="counts">How many viewers liked each title of the result.</param>
    /// <returns>Null when there is no positive.</returns>
    internal static EmbeddingModel? TrainEmbeddings(ReadOnlySpan<Interaction> past, EmbeddingOptions options, out double[] counts)
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
            : EmbeddingTrainer.Train([.. titleIds], [.. byUser.Values.Select(static list => list.ToArray())], options);
    }
}
