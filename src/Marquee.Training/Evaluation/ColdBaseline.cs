using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Training.Baselines;
using Marquee.Training.Data;

namespace Marquee.Training.Evaluation;

/// <summary>LightFM (<see cref="HybridFactorisation"/>) for hidden titles: trained on the others, each told by its id and its metadata; a hidden one by its metadata alone.</summary>
/// <remarks>
/// It gets the genres, details and years that the engine's own tower gets, those that at least three of the others have.
/// With genres and single years alone it was worse on the hidden titles of seed 2.
/// </remarks>
internal sealed class ColdBaseline
{
    private const int FewestTitles = 3;

    private readonly HybridFactorisation _model;
    private readonly int[] _pool;

    /// <summary>Trains it.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="hidden">bool[titles].</param>
    /// <param name="pool">The hidden titles.</param>
    /// <param name="catalogue">All titles.</param>
    /// <param name="cancellation">Stops the training.</param>
    public ColdBaseline(InteractionDataSet data, bool[] hidden, int[] pool, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        _pool = pool;
        _model = new HybridFactorisation(data.UserIds.Count, Features(data, hidden, catalogue), new HybridFactorisationOptions());
        HashSet<int>[] positives = [.. data.UserIds.Select(static _ => new HashSet<int>())];
        foreach (ref readonly var interaction in data.Interactions.AsSpan())
        {
            if (interaction.IsPositive && !hidden[interaction.Title])
            {
                positives[interaction.User].Add(interaction.Title);
            }
        }

        int[] warm = [.. Enumerable.Range(0, hidden.Length).Where(title => !hidden[title])];
        _model.Train([.. positives.Select(static row => row.ToArray())], warm, cancellation: cancellation);
    }

    /// <summary>The scores of the hidden titles, in the order of the pool.</summary>
    public double[] Score(int user) => Array.ConvertAll(_pool, title => (double)_model.Score(user, title));

    private static int[][] Features(InteractionDataSet data, bool[] hidden, CatalogueSnapshot catalogue)
    {
        int[][] all = [.. data.Titles.Select(title => catalogue.Find(title.TitleId) is { } entry ? ContentTower.FeaturesOf(entry).Where(ContentTower.IsSingle).Distinct().ToArray() : [])];
        var counts = all.Where((_, title) => !hidden[title]).SelectMany(static row => row).CountBy(static feature => feature).ToDictionary();
        var indices = new Dictionary<int, int>();
        foreach (var feature in counts.Where(static pair => pair.Value >= FewestTitles).Select(static pair => pair.Key).Order())
        {
            indices.Add(feature, indices.Count);
        }

        int[][] known = Array.ConvertAll(all, row => Array.ConvertAll(Array.FindAll(row, indices.ContainsKey), feature => indices[feature]));
        return [.. known.Select((row, title) => hidden[title] ? row : [.. row, indices.Count + title])];
    }
}
