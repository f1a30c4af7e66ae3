using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>Pairs of a viewer and a title that the viewer liked, the viewer embedded as if that title had not been there.</summary>
/// <remarks>
/// With A the precision of the viewer's posterior mean u = A⁻¹b and y the embedding of the title, the mean without it follows
/// from the formula of Sherman and Morrison (1950): with z = A⁻¹y it is (u − z) + z · ⟨y, u − z⟩ / (1 − ⟨y, z⟩). O(d²) each,
/// after O(d³) for the viewer. Means are scaled to length 1: how much is known of a viewer is not what tells titles apart.
/// </remarks>
internal sealed class ViewerPairs
{
    private ViewerPairs(int[] viewers, int[] titles, float[] means, HashSet<int>[] engaged) =>
        (Viewers, Titles, Means, Engaged) = (viewers, titles, means, engaged);

    /// <summary>int32[pairs].</summary>
    public int[] Viewers { get; }

    /// <summary>int32[pairs]: indices of titles.</summary>
    public int[] Titles { get; }

    /// <summary>float32[pairs, d]: of length 1, or zeros where nothing else is known of the viewer.</summary>
    public float[] Means { get; }

    /// <summary>Per viewer all titles that the viewer liked or engaged with otherwise: none of them is what the viewer passed over.</summary>
    public HashSet<int>[] Engaged { get; }

    /// <summary>Gathers pairs.</summary>
    /// <param name="past">Events in time order.</param>
    /// <param name="titles">The titles with an embedding.</param>
    /// <param name="embeddings">The trained embeddings.</param>
    /// <param name="most">The most pairs; of more, every second, third and so on is kept.</param>
    /// <param name="cancellation">Stops between viewers.</param>
    public static ViewerPairs Of(ReadOnlySpan<Interaction> past, IReadOnlyList<TitleEntry> titles, EmbeddingModel embeddings, int most, CancellationToken cancellation)
    {
        var (liked, engaged) = Gather(past, titles);
        var every = Math.Max(1, (liked.Sum(static row => row.Count) + most - 1) / most);
        var d = embeddings.Dimension;
        var (viewers, chosen, means) = (new List<int>(), new List<int>(), new List<float>());
        var (precision, mean, y, z) = (new double[d * d], new double[d], new double[d], new double[d]);
        var turn = 0;
        for (var viewer = 0; viewer < liked.Length; viewer++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fold(liked[viewer]);
            foreach (var title in liked[viewer])
            {
                if (turn++ % every == 0)
                {
                    viewers.Add(viewer);
                    chosen.Add(title);
                    means.AddRange(Without(title));
                }
            }
        }

        return new ViewerPairs([.. viewers], [.. chosen], [.. means], engaged);

        void Fold(HashSet<int> row)
        {
            embeddings.Prior.CopyTo(precision, 0);
            Array.Clear(mean);
            foreach (var title in row)
            {
                TensorPrimitives.ConvertTruncating(embeddings.Of(titles[title].TitleId), y);
                GramMatrix.AddOuterProduct(precision, y, 1);
                TensorPrimitives.Add<double>(mean, y, mean);
            }

            GramMatrix.Factor(precision, d);
            GramMatrix.Solve(precision, mean);
        }

        float[] Without(int title)
        {
            TensorPrimitives.ConvertTruncating(embeddings.Of(titles[title].TitleId), y);
            y.CopyTo(z, 0);
            GramMatrix.Solve(precision, z);
            double[] rest = [.. mean];
            TensorPrimitives.Subtract(rest, z, rest);
            var factor = TensorPrimitives.Dot<double>(y, rest) / Math.Max(1e-6, 1 - TensorPrimitives.Dot<double>(y, z));
            TensorPrimitives.MultiplyAdd(z, factor, rest, rest);
            var norm = TensorPrimitives.Norm<double>(rest);
            return Array.ConvertAll(rest, value => norm < 1e-6 ? 0 : (float)(value / norm));
        }
    }

    private static (HashSet<int>[] Liked, HashSet<int>[] Engaged) Gather(ReadOnlySpan<Interaction> past, IReadOnlyList<TitleEntry> titles)
    {
        var indices = new Dictionary<string, int>(titles.Count, StringComparer.Ordinal);
        for (var i = 0; i < titles.Count; i++)
        {
            indices.Add(titles[i].TitleId, i);
        }

        var rows = new Dictionary<int, (HashSet<int> Liked, HashSet<int> Engaged)>();
        foreach (ref readonly var interaction in past)
        {
            if (!indices.TryGetValue(interaction.Event.TitleId, out var title))
            {
                continue;
            }

            if (!rows.TryGetValue(interaction.User, out var row))
            {
                rows[interaction.User] = row = ([], []);
            }

            (interaction with { Title = title }).MarkEngaged(row.Engaged);
            if (interaction.IsPositive)
            {
                row.Liked.Add(title);
            }
        }

        foreach (var row in rows.Values)
        {
            row.Engaged.UnionWith(row.Liked);
        }

        return ([.. rows.Values.Select(static row => row.Liked)], [.. rows.Values.Select(static row => row.Engaged)]);
    }
}
