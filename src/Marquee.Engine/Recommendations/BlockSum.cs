using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>The weights of the first stage for one viewer, multiplied out so that one pass over a block adds everything up.</summary>
/// <remarks>
/// With s the newcomer model's share in a title, a feature x of its metadata counts (1 − s)·w·x + s·n·x = w·x + s·(n − w)·x,
/// where w is its own weight and n its weight in the newcomer model times the weight of that.
/// </remarks>
internal readonly ref struct BlockSum
{
    /// <summary>Above rounding: the sum here and that of <see cref="CandidateSelection"/> add up in different orders.</summary>
    private const float Slack = 1e-4f;

    private readonly ReadOnlySpan<float> _weights;

    private BlockSum(Scratch scratch, bool hasReach)
    {
        ReadOnlySpan<float> all = scratch.CandidateWeights;
        ReadOnlySpan<float> inModel = scratch.NewcomerWeights;
        var taste = all[TitleFeatures.Count..];
        var model = taste[TasteFeatures.Newcomer];
        _weights = all[..TitleFeatures.Count];
        Year = Of(TasteFeatures.Year, NewcomerModel.Year, taste, inModel);
        Genre = Of(TasteFeatures.Genre, NewcomerModel.Genre, taste, inModel);
        Detail = Of(TasteFeatures.Detail, NewcomerModel.Detail, taste, inModel);
        Sequence = taste[TasteFeatures.Sequence];
        (Age, Promise) = (model, model * inModel[NewcomerModel.Promise]);
        if (!hasReach)
        {
            return;
        }

        Rounding = Slack;
        Reach = Norm(taste[TasteFeatures.Embedding], taste[TasteFeatures.EmbeddingRecent], scratch);
        ReachChange = Norm(model * inModel[NewcomerModel.Embedding], model * inModel[NewcomerModel.EmbeddingRecent], scratch) - Reach;
    }

    private Vector2 Year { get; }

    private Vector2 Genre { get; }

    /// <summary>n of the age.</summary>
    private float Age { get; }

    private Vector2 Detail { get; }

    /// <summary>w of the sequence; its n is 0.</summary>
    private float Sequence { get; }

    /// <summary>n of the promise.</summary>
    private float Promise { get; }

    /// <summary>The norm of what an embedding is multiplied with where everything is known of the title.</summary>
    private float Reach { get; }

    /// <summary>How that changes for a newcomer.</summary>
    private float ReachChange { get; }

    private float Rounding { get; }

    /// <summary>The most that titles can score with the viewer that a scratch holds, whatever their embeddings are beyond their norms.</summary>
    public static BlockSum UpTo(Scratch scratch) => new(scratch, hasReach: true);

    /// <summary>What titles score without what their embeddings add.</summary>
    public static BlockSum WithoutEmbeddings(Scratch scratch) => new(scratch, hasReach: false);

    /// <summary>Multiplies out what each year and each combination of genres adds to a title, and how that changes for a newcomer.</summary>
    public void FillTables(Scratch scratch, int combinations)
    {
        for (var year = 0; year < scratch.YearTable.Length; year++)
        {
            scratch.YearTable[year] = (Year * scratch.YearProfile[year]) + new Vector2(0, Age * scratch.Ages[year]);
        }

        if (scratch.GenreTable.Length < combinations)
        {
            scratch.GenreTable = new Vector2[combinations];
        }

        for (var i = 0; i < combinations; i++)
        {
            scratch.GenreTable[i] = Genre * scratch.Combinations[i];
        }
    }

    /// <summary>Adds up one block. O(rows · features), allocates nothing.</summary>
    /// <param name="block">The titles.</param>
    /// <param name="mixed">float32[rows]: what year and genres add, mixed by the newcomer's share.</param>
    /// <param name="details">float32[rows].</param>
    /// <param name="sequence">float32[rows].</param>
    /// <param name="scores">float32[rows], overwritten.</param>
    public void Add(CatalogueBlock block, ReadOnlySpan<float> mixed, ReadOnlySpan<float> details, ReadOnlySpan<float> sequence, Span<float> scores)
    {
        // Four vectors of rows at a time, so that their sums stay in registers and no addition waits for the one before.
        var width = Vector<float>.Count;
        ref var columns = ref MemoryMarshal.GetArrayDataReference(block.Columns);
        for (var row = 0; row < CatalogueBlock.Rows; row += 4 * width)
        {
            var at = (nuint)((CatalogueBlock.Bias * CatalogueBlock.Rows) + row);
            var (sum0, sum1) = (Vector.LoadUnsafe(ref columns, at), Vector.LoadUnsafe(ref columns, at + (nuint)width));
            var (sum2, sum3) = (Vector.LoadUnsafe(ref columns, at + (nuint)(2 * width)), Vector.LoadUnsafe(ref columns, at + (nuint)(3 * width)));
            at = (nuint)row;
            foreach (var weight in _weights)
            {
                sum0 += Vector.LoadUnsafe(ref columns, at) * weight;
                sum1 += Vector.LoadUnsafe(ref columns, at + (nuint)width) * weight;
                sum2 += Vector.LoadUnsafe(ref columns, at + (nuint)(2 * width)) * weight;
                sum3 += Vector.LoadUnsafe(ref columns, at + (nuint)(3 * width)) * weight;
                at += CatalogueBlock.Rows;
            }

            Finish(block, row, sum0, mixed, details, sequence).CopyTo(scores[row..]);
            Finish(block, row + width, sum1, mixed, details, sequence).CopyTo(scores[(row + width)..]);
            Finish(block, row + (2 * width), sum2, mixed, details, sequence).CopyTo(scores[(row + (2 * width))..]);
            Finish(block, row + (3 * width), sum3, mixed, details, sequence).CopyTo(scores[(row + (3 * width))..]);
        }
    }

    /// <summary>The plain twin of <see cref="Add"/>: its specification.</summary>
    internal void PlainAdd(CatalogueBlock block, ReadOnlySpan<float> mixed, ReadOnlySpan<float> details, ReadOnlySpan<float> sequence, Span<float> scores)
    {
        var shares = block.Column(CatalogueBlock.NewcomerShare);
        var promises = block.Column(CatalogueBlock.Promise);
        for (var row = 0; row < scores.Length; row++)
        {
            var sum = block.Column(CatalogueBlock.Bias)[row];
            for (var feature = 0; feature < _weights.Length; feature++)
            {
                sum += _weights[feature] * block.Column(feature)[row];
            }

            sum += mixed[row] + (Detail.X * details[row]);
            sum += (1 - shares[row]) * Sequence * sequence[row];
            sum += shares[row] * ((Detail.Y * details[row]) + (Promise * promises[row]));
            scores[row] = sum + ((Reach + (shares[row] * ReachChange)) * block.Embeddings.Norms[row]) + Rounding;
        }
    }

    /// <summary>Adds what is mixed by the newcomer's share to the sums of a vector of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Finish(
        CatalogueBlock block, int row, Vector<float> sum, ReadOnlySpan<float> mixed, ReadOnlySpan<float> details, ReadOnlySpan<float> sequence)
    {
        ref var columns = ref MemoryMarshal.GetArrayDataReference(block.Columns);
        var share = Vector.LoadUnsafe(ref columns, (nuint)((CatalogueBlock.NewcomerShare * CatalogueBlock.Rows) + row));
        var promise = Vector.LoadUnsafe(ref columns, (nuint)((CatalogueBlock.Promise * CatalogueBlock.Rows) + row));
        var norm = Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(block.Embeddings.Norms), (nuint)row);
        var detail = Vector.LoadUnsafe(ref MemoryMarshal.GetReference(details), (nuint)row);
        var follows = Vector.LoadUnsafe(ref MemoryMarshal.GetReference(sequence), (nuint)row) * Sequence;
        var changed = (detail * Detail.Y) - follows;
        changed = Vector.FusedMultiplyAdd(promise, new Vector<float>(Promise), changed);
        changed = Vector.FusedMultiplyAdd(norm, new Vector<float>(ReachChange), changed);
        sum += Vector.LoadUnsafe(ref MemoryMarshal.GetReference(mixed), (nuint)row) + follows + new Vector<float>(Rounding);
        sum = Vector.FusedMultiplyAdd(detail, new Vector<float>(Detail.X), sum);
        sum = Vector.FusedMultiplyAdd(norm, new Vector<float>(Reach), sum);
        return Vector.FusedMultiplyAdd(share, changed, sum);
    }

    /// <summary>w and n − w.</summary>
    private static Vector2 Of(int feature, int inModel, ReadOnlySpan<float> taste, ReadOnlySpan<float> model) =>
        new(taste[feature], (taste[TasteFeatures.Newcomer] * model[inModel]) - taste[feature]);

    /// <summary>The norm of a weighted sum of the viewer's embeddings.</summary>
    private static float Norm(float lasting, float recent, Scratch scratch)
    {
        float squares = 0;
        for (var i = 0; i < scratch.Lasting.Length; i++)
        {
            var value = (lasting * scratch.Lasting[i]) + (recent * scratch.Recent[i]);
            squares += value * value;
        }

        return MathF.Sqrt(squares);
    }
}
