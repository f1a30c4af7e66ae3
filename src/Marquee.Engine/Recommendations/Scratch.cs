using System.Numerics;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>Working memory of one ranking at a time, reused between rankings: about 34 bytes per title of the catalogue.</summary>
/// <remarks>Not thread-safe: one per worker. Holds nothing of a viewer that the next ranking could see.</remarks>
public sealed class Scratch
{
    /// <summary>The viewer's situation, and the weights that it gives.</summary>
    internal readonly float[] Context = new float[TasteContext.Count];
    internal readonly float[] CandidateWeights = new float[TasteFeatures.AllNames.Length];
    internal readonly float[] RankingWeights = new float[TasteFeatures.AllNames.Length];
    internal readonly float[] NewcomerWeights = new float[NewcomerModel.Count];

    /// <summary>The viewer's newest titles, newest first; null where the catalogue does not know one.</summary>
    internal readonly TitleEntry?[] Past = new TitleEntry?[PastTitles.Most];
    internal int PastCount;

    /// <summary>Means nothing: it is summed up so that <see cref="PastTitles"/> reads what it is there to read.</summary>
    internal int Fetched;

    /// <summary>The viewer's past against metadata: by year slot, by genre, by combination of genres, by detail.</summary>
    internal readonly float[] YearProfile = new float[TitleEntry.Years + 1];
    internal readonly float[] GenreProfile = new float[ContentFeatures.Buckets];
    internal readonly float[] DetailProfile = new float[ContentFeatures.Buckets];
    internal readonly List<int> GenreBuckets = [];
    internal readonly List<int> DetailBuckets = [];
    internal float[] Combinations = [];

    /// <summary>What the newcomer model makes of a title's age, by year slot.</summary>
    internal readonly float[] Ages = new float[TitleEntry.Years + 1];

    /// <summary>What the first stage gives a title for its year and for its genres, and how that changes for a newcomer.</summary>
    internal readonly Vector2[] YearTable = new Vector2[TitleEntry.Years + 1];
    internal Vector2[] GenreTable = [];

    /// <summary>The viewer's embeddings, filled up with zeros as <see cref="EmbeddingScan.Products"/> wants them; empty without a model.</summary>
    internal float[] Lasting = [];
    internal float[] Recent = [];

    /// <summary>float32[rows]: how much a title's details are the viewer's.</summary>
    internal float[] Details = [];

    /// <summary>float32[rows]: what the sequence tower gives each title, scaled.</summary>
    internal float[] Sequence = [];

    /// <summary>float32[rows]: what the first stage gives each title, or at most gives it; negative infinity for what is filtered out.</summary>
    internal float[] Scores = [];

    /// <summary>Titles that neighbours lead to, and their features; by place, which <see cref="PlaceOf"/> tells, one more than it, by row, and another table by number.</summary>
    internal readonly List<int> Touched = [];
    internal readonly float[][] Neighbours = new float[TasteFeatures.LastOfNeighbours + 1][];
    internal int[] PlaceOf = [];
    private readonly List<int> _touchedNumbers = [];
    private int[] _placeOfNumber = [];

    /// <summary>Titles whose features are computed; by slot, which <see cref="SlotOf"/> tells, one more than it, by row.</summary>
    internal readonly List<int> Described = [];
    internal float[] Descriptions = [];
    internal int[] SlotOf = [];

    /// <summary>Room for the network's sums of what is the same for all candidates.</summary>
    internal readonly float[] Situation = new float[InterplayNetwork.Hidden];

    /// <summary>The highest sum of parts among the candidates, interplay apart.</summary>
    internal double BestSum;
    internal Candidate[] Candidates = new Candidate[1024];
    internal readonly List<int> Reaching = [];

    /// <summary>The slate while it is made up, and which row of the past speaks for each of its titles.</summary>
    internal readonly List<Candidate> Chosen = [];
    private int[] _sources = [];
    private int[] _slotOfNumber = [];
    private RankedTitle[] _titles = [];
    private float[] _uncertainScores = [];
    private float[] _gathered = [];

    /// <summary>Makes room for a catalogue; the last ranking stays unless the room was too small.</summary>
    internal void MakeRoom(int blocks)
    {
        var rows = blocks * CatalogueBlock.Rows;
        if (Scores.Length < rows)
        {
            var size = rows + (rows / 8);
            (Scores, Details, Sequence) = (new float[size], new float[size], new float[size]);
            (PlaceOf, SlotOf) = (new int[size], new int[size]);
            Touched.Clear();
            Forget(_placeOfNumber, _touchedNumbers);
            Described.Clear();
        }
    }

    /// <summary>Makes room for a catalogue and forgets the last ranking.</summary>
    internal void Reset(int blocks)
    {
        MakeRoom(blocks);
        Forget(PlaceOf, Touched);
        Forget(_placeOfNumber, _touchedNumbers);
        Forget(SlotOf, Described);
        Array.Clear(YearProfile);
        Array.Clear(Details);
        Forget(GenreProfile, GenreBuckets);
        Forget(DetailProfile, DetailBuckets);
    }

    /// <summary>Makes room for so many more touched rows.</summary>
    internal void MakeRoomToTouch(int more)
    {
        if ((Neighbours[0]?.Length ?? 0) < Touched.Count + more)
        {
            for (var i = 0; i < Neighbours.Length; i++)
            {
                Array.Resize(ref Neighbours[i], Math.Max(1024, 2 * (Touched.Count + more)));
            }
        }
    }

    /// <summary>The place of a title among the touched ones; a new one, whose features are still 0, for a title that was not touched yet. There must be room for it.</summary>
    /// <returns>−1 for a number of which the catalogue has no title.</returns>
    internal int Touch(int number, CatalogueSnapshot catalogue)
    {
        var places = _placeOfNumber;
        return (uint)number < (uint)places.Length && places[number] > 0 ? places[number] - 1 : TouchFirst(number, catalogue);
    }

    private int TouchFirst(int number, CatalogueSnapshot catalogue)
    {
        var row = catalogue.RowOf(number);
        if (row < 0)
        {
            return -1;
        }

        if (number >= _placeOfNumber.Length)
        {
            Array.Resize(ref _placeOfNumber, number + (number / 4) + 1024);
        }

        var place = Touched.Count;
        (Neighbours[TasteFeatures.Transition][place], Neighbours[TasteFeatures.Next][place], Neighbours[TasteFeatures.CoWatch][place]) = (0, 0, 0);
        Touched.Add(row);
        _touchedNumbers.Add(number);
        (PlaceOf[row], _placeOfNumber[number]) = (place + 1, place + 1);
        return place;
    }

    /// <summary>The features of a title that is described; see <see cref="CandidateFeatures.Of"/>.</summary>
    internal Span<float> Description(int slot) => Descriptions.AsSpan(slot * TasteFeatures.AllNames.Length, TasteFeatures.AllNames.Length);

    /// <summary>A slot for the features of a row.</summary>
    internal int AddDescription(int row)
    {
        var slot = Described.Count;
        if (Descriptions.Length < (slot + 1) * TasteFeatures.AllNames.Length)
        {
            Array.Resize(ref Descriptions, Math.Max(512, 2 * slot) * TasteFeatures.AllNames.Length);
        }

        Described.Add(row);
        SlotOf[row] = slot + 1;
        return slot;
    }

    /// <summary>The best candidates by <see cref="Scores"/> as they are, in no order; valid until the next call.</summary>
    internal Span<Candidate> KeepBest(CatalogueSnapshot catalogue, int most) =>
        CandidatesFor(most)[..BestCandidates.Keep(Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows), CandidatesFor(most))];

    /// <summary>Room for candidates.</summary>
    internal Span<Candidate> CandidatesFor(int most)
    {
        if (Candidates.Length < most)
        {
            Candidates = new Candidate[most];
        }

        return Candidates.AsSpan(0, most);
    }

    /// <summary>Room for one more score per row; valid until the next call.</summary>
    internal Span<float> UncertainScores(int rows) => Room(ref _uncertainScores, rows);

    /// <summary>Room for values of some rows; valid until the next call.</summary>
    internal Span<float> Gather(int count) => Room(ref _gathered, count);

    /// <summary>Room for a row per title of a slate; valid until the next call.</summary>
    internal Span<int> SourcesFor(int count)
    {
        if (_sources.Length < count)
        {
            _sources = new int[2 * count];
        }

        return _sources.AsSpan(0, count);
    }

    /// <summary>Room for a place in the slate by number of a title, one more than it; all 0, and to be left so.</summary>
    internal Span<int> SlotsFor(CatalogueSnapshot catalogue)
    {
        if (_slotOfNumber.Length < catalogue.NumberCount)
        {
            _slotOfNumber = new int[catalogue.NumberCount + (catalogue.NumberCount / 4)];
        }

        return _slotOfNumber.AsSpan(0, catalogue.NumberCount);
    }

    /// <summary>Room for the titles of a slate: what <see cref="Recycle"/> took back, if it is as long, or new.</summary>
    internal RankedTitle[] TitlesFor(int count)
    {
        if (_titles.Length != count)
        {
            return new RankedTitle[count];
        }

        var titles = _titles;
        _titles = [];
        return titles;
    }

    /// <summary>Takes back a slate's titles for the next slate of this scratch. Nobody may read the slate any more; who keeps it just does not call this.</summary>
    public void Recycle(RankedSlate slate)
    {
        if (slate.Items is RankedTitle[] titles)
        {
            // What is kept holds nothing of a viewer.
            Array.Clear(titles);
            _titles = titles;
        }
    }

    private static Span<float> Room(ref float[] values, int count)
    {
        if (values.Length < count)
        {
            values = new float[2 * count];
        }

        return values.AsSpan(0, count);
    }

    private static void Forget<T>(T[] values, List<int> places)
    {
        foreach (var place in places)
        {
            values[place] = default!;
        }

        places.Clear();
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
