using System.Buffers;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Engine.Models;

/// <summary>A two-tower network: a recurrent network over the viewer's last titles, and a vector for each title, learned or predicted from metadata. Immutable.</summary>
/// <remarks>
/// Score = (vector of the title − mean vector) · query of the viewer: how many times likelier the title is to be the viewer's
/// next one than its popularity says, as a logarithm, but for what is the same for all titles. That means the same after every training.
/// </remarks>
public sealed class SequenceTower
{
    /// <summary>The most dimensions and hidden units.</summary>
    public const int MostWidth = 256;

    private readonly TitleRows _rows;

    /// <summary>Creates a tower.</summary>
    /// <param name="network">The user tower.</param>
    /// <param name="length">The most steps that the network was trained on; serving reads as many.</param>
    /// <param name="titleIds">n titles.</param>
    /// <param name="vectors">float32[n, d], row-major; row i belongs to title i.</param>
    /// <param name="content">Predicts the vectors of other titles; null leaves them at the mean.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public SequenceTower(SequenceNetwork network, int length, string[] titleIds, float[] vectors, ContentTower? content)
    {
        var d = network.Dimension;
        if (vectors.Length != titleIds.Length * d || length is < 1 or > TasteState.MostRecent || Math.Max(d, network.Hidden) > MostWidth || (content is not null && content.Dimension != d))
        {
            throw new ArgumentException($"A sequence tower of {titleIds.Length} titles takes vectors of {d} dimensions, at most {MostWidth} wide, and reads 1 to {TasteState.MostRecent} steps.");
        }

        (Network, Length, TitleIds, Vectors, Content) = (network, length, titleIds, vectors, content);
        (_rows, Mean) = (new TitleRows(titleIds), new float[d]);
        for (var i = 0; i < titleIds.Length; i++)
        {
            for (var k = 0; k < d; k++)
            {
                Mean[k] += vectors[(i * d) + k] / titleIds.Length;
            }
        }
    }

    /// <summary>The user tower.</summary>
    public SequenceNetwork Network { get; }

    /// <summary>The most steps that are read.</summary>
    public int Length { get; }

    /// <summary>The titles, in row order.</summary>
    public string[] TitleIds { get; }

    /// <summary>float32[n, d].</summary>
    public float[] Vectors { get; }

    /// <summary>The title tower of titles that were not trained on.</summary>
    public ContentTower? Content { get; }

    /// <summary>float32[d]: the mean of the titles' vectors.</summary>
    public float[] Mean { get; }

    /// <summary>d.</summary>
    public int Dimension => Network.Dimension;

    /// <summary>The vector of a title, float32[d]; empty when it was not trained on.</summary>
    public ReadOnlySpan<float> Of(string titleId) => _rows.Of(titleId) is >= 0 and var row ? Vectors.AsSpan(row * Dimension, Dimension) : [];

    /// <summary>Writes what a title's score is the product of, with a query: its vector less the mean one.</summary>
    /// <param name="title">The title.</param>
    /// <param name="vector">float32[d], overwritten.</param>
    public void Embed(TitleEntry title, Span<float> vector)
    {
        var trained = Of(title.TitleId);
        if (!trained.IsEmpty)
        {
            trained.CopyTo(vector);
        }
        else if (Content is not null)
        {
            Content.Predict(title, vector);
        }
        else
        {
            vector.Clear();
            return;
        }

        for (var k = 0; k < vector.Length; k++)
        {
            vector[k] -= Mean[k];
        }
    }

    /// <summary>Runs the network over a viewer's past.</summary>
    /// <param name="taste">The viewer.</param>
    /// <param name="titles">Numbers the titles.</param>
    /// <returns>Where the network stands after the newest title.</returns>
    /// <remarks>O(steps · h · (d + h)). Titles that were not trained on are no steps. Allocates the result only; working memory is rented.</remarks>
    public SequenceState Follow(UserTaste taste, TitleTable titles)
    {
        var (d, recent) = (Dimension, taste.Recent);
        Span<int> places = stackalloc int[Length];
        Span<int> rows = stackalloc int[Length];
        var first = Length;
        for (var place = recent.Length - 1; place >= 0 && first > 0; place--)
        {
            if (_rows.Of(recent[place].Title, titles) is >= 0 and var row)
            {
                (places[--first], rows[first]) = (place, row);
            }
        }

        places = places[first..];
        rows = rows[first..];
        var steps = places.Length;
        if (steps == 0)
        {
            return new SequenceState(this, null, 0);
        }

        Span<float> inputs = stackalloc float[steps * d];
        Span<int> active = stackalloc int[steps];
        active.Fill(1);
        for (var step = 0; step < steps; step++)
        {
            var place = places[step];
            var input = inputs.Slice(step * d, d);
            Vectors.AsSpan(rows[step] * d, d).CopyTo(input);
            var gap = place == 0 ? SequenceStep.LongGap : SequenceStep.GapOf(recent[place].OccurredAt - recent[place - 1].OccurredAt);
            Network.Describe(new SequenceStep(gap, SequenceStep.KindOf(recent[place])), input);
        }

        return new SequenceState(this, StateAfter(active, inputs), recent[places[^1]].OccurredAt);
    }

    /// <summary>The state after the last of some steps.</summary>
    private float[] StateAfter(ReadOnlySpan<int> active, ReadOnlySpan<float> inputs)
    {
        var (steps, h) = (active.Length, Network.Hidden);
        var gates = steps * GatedRecurrentUnit.Gates * h;
        var rented = ArrayPool<float>.Shared.Rent((2 * gates) + (steps * h));
        try
        {
            var states = rented.AsSpan(2 * gates, steps * h);
            Network.Forward(active, inputs, rented.AsSpan(0, gates), rented.AsSpan(gates, gates), states);
            return states[^h..].ToArray();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}

/// <summary>Where a tower stands after a viewer's newest title; the same until the viewer's next event.</summary>
/// <param name="Tower">The tower.</param>
/// <param name="Hidden">float32[h]; null when it knows none of the viewer's titles.</param>
/// <param name="OccurredAt">When the newest title was, milliseconds since the Unix epoch.</param>
public sealed record SequenceState(SequenceTower Tower, float[]? Hidden, long OccurredAt);
