using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Working memory of one ranking at a time, reused between rankings: about 75 bytes per title of the catalogue.</summary>
/// <remarks>Not thread-safe: one per worker. Holds nothing of a viewer that the next ranking could see.</remarks>
public sealed class Scratch
{
    internal readonly float[][] Taste = [.. Enumerable.Repeat(Array.Empty<float>(), TasteFeatures.Count)];
    internal readonly float[] Context = new float[TasteContext.Count];
    internal readonly float[] CandidateWeights = new float[TasteFeatures.AllNames.Length];
    internal readonly float[] RankingWeights = new float[TasteFeatures.AllNames.Length];
    internal readonly float[] YearProfile = new float[TitleEntry.Years + 1];
    internal readonly float[] DetailProfile = new float[ContentFeatures.Buckets];
    internal readonly float[] GenreProfile = new float[ContentFeatures.Buckets];
    internal readonly List<int> DetailBuckets = [];
    internal readonly List<int> GenreBuckets = [];
    internal float[] Scores = [];
    internal float[] Combinations = [];
    internal float[] Gathered = [];
    internal int[] Touched = [];
    internal int[] Slots = [];
    internal int TouchedCount;
    internal readonly bool[] IsZero = new bool[TasteFeatures.Count];
    /// <summary>The highest sum of parts among the candidates, interplay apart.</summary>
    internal double BestSum;
    internal Candidate[] Candidates = new Candidate[1024];
    private float[] _uncertainScores = [];

    /// <summary>Makes room for a catalogue and forgets the last ranking.</summary>
    internal void Reset(int blocks)
    {
        var rows = blocks * CatalogueBlock.Rows;
        if (Scores.Length < rows)
        {
            var size = rows + (rows / 8);
            Scores = new float[size];
            TouchedCount = 0;
            Touched = new int[size];
            Slots = new int[size];
            for (var i = 0; i < Taste.Length; i++)
            {
                Taste[i] = new float[size];
                IsZero[i] = true;
            }
        }

        foreach (var row in Touched.AsSpan(0, TouchedCount))
        {
            for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
            {
                Taste[feature][row] = 0;
            }
        }

        TouchedCount = 0;
        Array.Clear(YearProfile);
        Forget(GenreProfile, GenreBuckets);
        Forget(DetailProfile, DetailBuckets);
    }

    /// <summary>Sets a dense feature of all rows to 0.</summary>
    internal void Clear(int feature)
    {
        if (!IsZero[feature])
        {
            Array.Clear(Taste[feature]);
            IsZero[feature] = true;
        }
    }

    /// <summary>A dense feature of all rows, to write.</summary>
    internal Span<float> Column(int feature)
    {
        IsZero[feature] = false;
        return Taste[feature];
    }

    /// <summary>The best candidates by <see cref="Scores"/>, in no order; valid until the next call.</summary>
    internal Span<Candidate> KeepBest(CatalogueSnapshot catalogue, int most)
    {
        if (Candidates.Length < most)
        {
            Candidates = new Candidate[most];
        }

        var scores = Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        return Candidates.AsSpan(0, BestCandidates.Keep(scores, Candidates.AsSpan(0, most)));
    }

    /// <summary>Room for one more score per row; valid until the next call.</summary>
    internal Span<float> UncertainScores(int blocks)
    {
        var rows = blocks * CatalogueBlock.Rows;
        if (_uncertainScores.Length < rows)
        {
            _uncertainScores = new float[rows];
        }

        return _uncertainScores.AsSpan(0, rows);
    }

    private static void Forget(float[] profile, List<int> buckets)
    {
        foreach (var bucket in buckets)
        {
            profile[bucket] = 0;
        }

        buckets.Clear();
    }
}

/// <summary>A title that survived candidate generation.</summary>
/// <param name="Row">Its row in the snapshot.</param>
/// <param name="Score">The score so far.</param>
internal readonly record struct Candidate(int Row, double Score) : IComparable<Candidate>
{
    /// <summary>Best first; equal scores in row order.</summary>
    public int CompareTo(Candidate other) =>
        Score != other.Score ? other.Score.CompareTo(Score) : Row.CompareTo(other.Row);
}
