namespace Marquee.Training.Sequences;

/// <summary>The titles that the positives of one step are set against: all, or their own and some drawn by popularity.</summary>
internal sealed class CandidateTitles
{
    /// <summary>Added to counts: a title without positives may still become one.</summary>
    public const double Smoothing = 0.5;

    private readonly int _titles;
    private readonly int _most;
    private readonly double[] _cumulated;
    private readonly float[] _biases;
    private readonly int[] _placeOf;

    /// <summary>Prepares draws.</summary>
    /// <param name="positives">float64[titles]: how many positives each title has.</param>
    /// <param name="most">The most titles of a set, its own positives apart.</param>
    public CandidateTitles(double[] positives, int most)
    {
        (_titles, _most) = (positives.Length, most);
        _placeOf = new int[_titles];
        _cumulated = new double[_titles];
        _biases = new float[_titles];
        var sum = 0.0;
        for (var i = 0; i < _titles; i++)
        {
            _biases[i] = (float)Math.Log(positives[i] + Smoothing);
            _cumulated[i] = sum += Math.Sqrt(positives[i] + Smoothing);
        }
    }

    /// <summary>The set's titles.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>float32[set]: logarithm of the popularity, less that of the chance to be in the set.</summary>
    public List<float> Biases { get; } = [];

    /// <summary>float32[titles]: logarithm of the popularity.</summary>
    public ReadOnlySpan<float> Popularity => _biases;

    /// <summary>The place of a title in the set; it must be there.</summary>
    public int PlaceOf(int row) => _placeOf[row] - 1;

    /// <summary>Fills the set.</summary>
    public void Draw(IEnumerable<int> positives, Random random)
    {
        foreach (var row in Rows)
        {
            _placeOf[row] = 0;
        }

        Rows.Clear();
        Biases.Clear();
        if (_titles <= _most)
        {
            for (var row = 0; row < _titles; row++)
            {
                Add(row, 0);
            }

            return;
        }

        foreach (var row in positives)
        {
            Add(row, LogChance(row));
        }

        for (var draw = 0; draw < _most; draw++)
        {
            var at = Array.BinarySearch(_cumulated, random.NextDouble() * _cumulated[^1]);
            var row = Math.Min(at < 0 ? ~at : at, _titles - 1);
            Add(row, LogChance(row));
        }
    }

    /// <summary>The logarithm of the chance that a title is among the draws (Jean et al. 2015, section 3.2).</summary>
    private float LogChance(int row)
    {
        var share = (_cumulated[row] - (row == 0 ? 0 : _cumulated[row - 1])) / _cumulated[^1];
        return (float)Math.Log(1 - Math.Pow(1 - share, _most));
    }

    private void Add(int row, float logChance)
    {
        if (_placeOf[row] == 0)
        {
            Rows.Add(row);
            Biases.Add(_biases[row] - logChance);
            _placeOf[row] = Rows.Count;
        }
    }
}
