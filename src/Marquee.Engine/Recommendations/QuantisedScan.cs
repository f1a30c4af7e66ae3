using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marquee.Engine.Recommendations;

/// <summary>The rows of a matrix with the highest inner products, for several users in one pass: quantised first, exact second.</summary>
/// <remarks>
/// <para>Row x is kept as s·q with small integers q, and a user u likewise as t·p. Both are scaled so that |q| and |p| are at
/// most 181: by Cauchy and Schwarz q·p is at most 181² &lt; 2¹⁵, so that 16 bits hold it.</para>
/// <para>With x = s·q + e, |e| ≤ R·s, and u = t·p + f, the same inequality gives x·u ≤ s·(t·(q·p) + |q|·|f| + R·|u|), and what the
/// exact product rounds is added to that. A row whose bound reaches the n-th best exact product so far is multiplied exactly;
/// the n-th best only rises, so no row that belongs to the answer is passed over, whatever the order of the rows.</para>
/// <para>64 rows stand side by side, dimension by dimension, so that no sum goes across a vector. A group is compared in 16 bits
/// with the bound of its largest scale first; hardly any passes. Bytes of the first pass: n·d; the exact rows are the caller's.</para>
/// </remarks>
internal sealed class QuantisedScan
{
    /// <summary>Rows that stand side by side.</summary>
    public const int GroupRows = 64;

    /// <summary>The largest norm of a row or a user: beyond it products could leave the range of a float.</summary>
    public const double MostNorm = 1e18;

    /// <summary>The largest d.</summary>
    public const int MostDimension = 4_096;

    /// <summary>Smaller scales are no normal floats.</summary>
    private const float LeastScale = 1.2e-38f;

    /// <summary>The largest norm of the integers: its square is below 2¹⁵.</summary>
    private const double MostIntegerNorm = 181;

    /// <summary>Users whose sums fit into registers together.</summary>
    private const int UsersAtOnce = 4;

    private readonly float[] _rows;
    private readonly int _dimension;
    private readonly int _count;
    private readonly sbyte[] _packed;
    private readonly float[] _scales;
    private readonly float[] _largestScales;
    private readonly double _residual;

    /// <summary>Quantises a matrix. O(n·d).</summary>
    /// <param name="rows">float32[n, d], row-major; kept, and not to be changed.</param>
    /// <param name="dimension">d, 1 to <see cref="MostDimension"/>.</param>
    /// <exception cref="ArgumentException">The length is no multiple of d, or a row is not finite or longer than <see cref="MostNorm"/>.</exception>
    public QuantisedScan(float[] rows, int dimension)
    {
        if (dimension is < 1 or > MostDimension || rows.Length % dimension != 0)
        {
            throw new ArgumentException($"{rows.Length} numbers are no rows of {dimension} dimensions, 1 to {MostDimension}.", nameof(rows));
        }

        (_rows, _dimension, _count) = (rows, dimension, rows.Length / dimension);
        var groups = (_count + GroupRows - 1) / GroupRows;
        _packed = new sbyte[groups * GroupRows * dimension];
        _scales = new float[groups * GroupRows];
        _largestScales = new float[groups];
        var integers = new short[dimension];
        for (var row = 0; row < _count; row++)
        {
            var x = rows.AsSpan(row * dimension, dimension);
            RequireFinite(x, $"Row {row}");
            var scale = Quantise(x, integers);
            var (group, place) = (row / GroupRows, row % GroupRows);
            for (var i = 0; i < dimension; i++)
            {
                _packed[(((group * dimension) + i) * GroupRows) + place] = (sbyte)integers[i];
            }

            _scales[row] = scale;
            _largestScales[group] = Math.Max(_largestScales[group], scale);
            _residual = scale > 0 ? Math.Max(_residual, ResidualOf(x, integers, scale) / scale) : _residual;
        }
    }

    /// <summary>n.</summary>
    public int Count => _count;

    /// <summary>d.</summary>
    public int Dimension => _dimension;

    /// <summary>Bytes that one pass reads, apart from the rows multiplied exactly.</summary>
    public long PassBytes => _packed.Length + (sizeof(float) * _largestScales.Length);

    /// <summary>Finds the best rows of several users in one pass.</summary>
    /// <param name="users">float32[u, d], row-major.</param>
    /// <param name="most">How many rows each user gets at most.</param>
    /// <returns>Candidate[u][]: best first, of equal products the earlier row first; and how many rows were multiplied exactly.</returns>
    /// <exception cref="ArgumentException">The length is no multiple of d, or a user is not finite or longer than <see cref="MostNorm"/>.</exception>
    /// <remarks>O(u·n·d) additions of 16 bits. Allocates the answer and 2·u·d·4 bytes.</remarks>
    public (Candidate[][] Best, long MultipliedExactly) Best(ReadOnlySpan<float> users, int most)
    {
        RequireUsers(users);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        var searches = new Search[users.Length / _dimension];
        var tiles = (searches.Length + UsersAtOnce - 1) / UsersAtOnce;

        // int16[tiles, d, UsersAtOnce], each number twice, so that it is repeated over a vector as one int32: that takes no shuffle.
        var pairs = new int[tiles * _dimension * UsersAtOnce];
        var integers = new short[_dimension];
        for (var i = 0; i < searches.Length; i++)
        {
            var user = users.Slice(i * _dimension, _dimension);
            var scale = Quantise(user, integers);
            searches[i] = new Search(most, scale, ErrorOf(user, integers, scale));
            for (var k = 0; k < integers.Length; k++)
            {
                pairs[(((i / UsersAtOnce * _dimension) + k) * UsersAtOnce) + (i % UsersAtOnce)] = (ushort)integers[k] | (integers[k] << 16);
            }
        }

        if (most > 0)
        {
            Span<short> sums = stackalloc short[UsersAtOnce * GroupRows];
            for (var group = 0; group < _largestScales.Length; group++)
            {
                for (var tile = 0; tile < tiles; tile++)
                {
                    Sum(group, pairs.AsSpan(tile * _dimension * UsersAtOnce, _dimension * UsersAtOnce), sums);
                    for (var i = tile * UsersAtOnce; i < Math.Min(searches.Length, (tile + 1) * UsersAtOnce); i++)
                    {
                        Look(group, sums.Slice(i % UsersAtOnce * GroupRows, GroupRows), users.Slice(i * _dimension, _dimension), searches[i]);
                    }
                }
            }
        }

        return (Array.ConvertAll(searches, static search => search.Ordered()), searches.Sum(static search => search.Multiplied));
    }

    /// <summary>The plain twin of <see cref="Best"/>: its specification. Multiplies every row.</summary>
    internal Candidate[][] PlainBest(ReadOnlySpan<float> users, int most)
    {
        RequireUsers(users);
        var best = new Candidate[users.Length / _dimension][];
        for (var i = 0; i < best.Length; i++)
        {
            var user = users.Slice(i * _dimension, _dimension);
            var search = new Search(most, 0, 0);
            for (var row = 0; row < _count && most > 0; row++)
            {
                search.Offer(row, Product(row, user));
            }

            best[i] = search.Ordered();
        }

        return best;
    }

    /// <summary>The plain twin of <see cref="Sum"/>.</summary>
    internal void PlainSum(int group, ReadOnlySpan<int> pairs, Span<short> sums)
    {
        for (var user = 0; user < UsersAtOnce; user++)
        {
            for (var row = 0; row < GroupRows; row++)
            {
                short sum = 0;
                for (var i = 0; i < _dimension; i++)
                {
                    sum += (short)(_packed[(((group * _dimension) + i) * GroupRows) + row] * (short)pairs[(i * UsersAtOnce) + user]);
                }

                sums[(user * GroupRows) + row] = sum;
            }
        }
    }

    /// <summary>The inner products of the integers of a group with those of a tile of users.</summary>
    /// <param name="group">The group.</param>
    /// <param name="pairs">int16[d, <see cref="UsersAtOnce"/>], each twice.</param>
    /// <param name="sums">int16[<see cref="UsersAtOnce"/>, <see cref="GroupRows"/>], overwritten.</param>
    private void Sum(int group, ReadOnlySpan<int> pairs, Span<short> sums)
    {
        var width = Vector<short>.Count;
        if (!Vector.IsHardwareAccelerated || GroupRows % (2 * width) != 0)
        {
            PlainSum(group, pairs, sums);
            return;
        }

        ref var packed = ref MemoryMarshal.GetReference(_packed.AsSpan(group * GroupRows * _dimension, GroupRows * _dimension));
        ref var users = ref MemoryMarshal.GetReference(pairs);
        for (var row = 0; row < GroupRows; row += 2 * width)
        {
            Vector<short> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (nuint i = 0; i < (nuint)_dimension; i++)
            {
                Vector.Widen(Vector.LoadUnsafe(ref packed, (i * GroupRows) + (nuint)row), out var x0, out var x1);
                var user = Repeat(ref users, i * UsersAtOnce);
                (a0, a1) = (a0 + (x0 * user), a1 + (x1 * user));
                user = Repeat(ref users, (i * UsersAtOnce) + 1);
                (b0, b1) = (b0 + (x0 * user), b1 + (x1 * user));
                user = Repeat(ref users, (i * UsersAtOnce) + 2);
                (c0, c1) = (c0 + (x0 * user), c1 + (x1 * user));
                user = Repeat(ref users, (i * UsersAtOnce) + 3);
                (d0, d1) = (d0 + (x0 * user), d1 + (x1 * user));
            }

            Store(sums[row..], a0, a1);
            Store(sums[(GroupRows + row)..], b0, b1);
            Store(sums[((2 * GroupRows) + row)..], c0, c1);
            Store(sums[((3 * GroupRows) + row)..], d0, d1);
        }
    }

    /// <summary>Multiplies those rows of a group exactly that may be among the best of a user.</summary>
    private void Look(int group, ReadOnlySpan<short> sums, ReadOnlySpan<float> user, Search search)
    {
        if (!search.IsReached(_largestScales[group], sums))
        {
            return;
        }

        var first = group * GroupRows;
        for (var place = 0; place < Math.Min(GroupRows, _count - first); place++)
        {
            if (search.MayReach(_scales[first + place], sums[place]))
            {
                search.Offer(first + place, Product(first + place, user));
            }
        }
    }

    private float Product(int row, ReadOnlySpan<float> user) => TensorPrimitives.Dot(_rows.AsSpan(row * _dimension, _dimension), user);

    /// <summary>E: how far t·(q·p) can be from x·u / s for one user, in any row; and what the exact product rounds.</summary>
    private double ErrorOf(ReadOnlySpan<float> user, ReadOnlySpan<short> integers, float scale)
    {
        var norm = NormOf(user);
        var rounding = (_dimension + 2) * Math.ScaleB(1, -24) * (MostIntegerNorm + _residual) * norm;
        return 1.0001 * ((MostIntegerNorm * ResidualOf(user, integers, scale)) + (_residual * norm) + rounding);
    }

    private void RequireUsers(ReadOnlySpan<float> users)
    {
        if (users.Length % _dimension != 0)
        {
            throw new ArgumentException($"{users.Length} numbers are no users of {_dimension} dimensions.", nameof(users));
        }

        for (var i = 0; i < users.Length / _dimension; i++)
        {
            RequireFinite(users.Slice(i * _dimension, _dimension), $"User {i}");
        }
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string what)
    {
        if (NormOf(values) is not <= MostNorm)
        {
            throw new ArgumentException($"{what} must be finite, with a norm of at most {MostNorm}.");
        }
    }

    /// <summary>Chooses a scale, and rounds the values in units of it.</summary>
    /// <returns>The scale; 0 for zeros.</returns>
    private static float Quantise(ReadOnlySpan<float> values, Span<short> integers)
    {
        // Rounding can lengthen the integers by half a unit in each dimension.
        var room = MostIntegerNorm - (0.5 * Math.Sqrt(values.Length));
        var scale = (float)Math.Max(NormOf(values) / room, Math.Abs((double)TensorPrimitives.MaxMagnitude(values)) / sbyte.MaxValue);
        integers.Clear();
        if (scale < LeastScale)
        {
            // Too near to the smallest floats for integers to mean anything: bounded by its norm alone.
            return (float)NormOf(values);
        }

        for (var i = 0; i < values.Length; i++)
        {
            integers[i] = (short)Math.Clamp(Math.Round(values[i] / (double)scale), -sbyte.MaxValue, sbyte.MaxValue);
        }

        return scale;
    }

    private static double ResidualOf(ReadOnlySpan<float> values, ReadOnlySpan<short> integers, float scale)
    {
        double squares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var rest = values[i] - ((double)scale * integers[i]);
            squares += rest * rest;
        }

        return Math.Sqrt(squares);
    }

    private static double NormOf(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (var value in values)
        {
            squares += (double)value * value;
        }

        return Math.Sqrt(squares);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Repeat(ref int users, nuint at) => Vector.AsVectorInt16(new Vector<int>(Unsafe.Add(ref users, at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<short> sums, Vector<short> first, Vector<short> second)
    {
        first.CopyTo(sums);
        second.CopyTo(sums[Vector<short>.Count..]);
    }

    /// <summary>One user's search: the best so far, and what the next must reach.</summary>
    /// <param name="most">n.</param>
    /// <param name="scale">t.</param>
    /// <param name="error">E.</param>
    private sealed class Search(int most, float scale, double error)
    {
        private const double Smallest = MostDimension * (double)float.Epsilon;

        private readonly PriorityQueue<Candidate, Candidate> _best = new(Comparer<Candidate>.Create(static (a, b) => b.CompareTo(a)));
        private double _least = double.NegativeInfinity;

        /// <summary>How many rows were multiplied exactly.</summary>
        public long Multiplied { get; private set; }

        /// <summary>Whether a row of a group may reach the least: compares in 16 bits with the bound of the group's largest scale.</summary>
        public bool IsReached(float largestScale, ReadOnlySpan<short> sums)
        {
            // Below zero a smaller scale is the better one, so that the largest bounds nothing.
            if (!(_least > 0) || scale == 0)
            {
                return true;
            }

            var bound = Math.Floor(((_least / largestScale) - error) / scale);
            if (!(bound <= short.MaxValue))
            {
                return false;
            }

            var least = new Vector<short>((short)Math.Max(bound, short.MinValue));
            for (var i = 0; i < sums.Length; i += Vector<short>.Count)
            {
                if (Vector.GreaterThanOrEqualAny(new Vector<short>(sums[i..]), least))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether a row may reach the least.</summary>
        public bool MayReach(float rowScale, short sum) => rowScale * (((double)scale * sum) + error) >= _least;

        /// <summary>Takes a row in if it is among the best so far. Rows come in ascending order, so that of equal ones the earlier stays.</summary>
        public void Offer(int row, float product)
        {
            Multiplied++;
            if (_best.Count == most && product <= _best.Peek().Score)
            {
                return;
            }

            var candidate = new Candidate(row, product);
            if (_best.Count == most)
            {
                _best.DequeueEnqueue(candidate, candidate);
            }
            else
            {
                _best.Enqueue(candidate, candidate);
            }

            // What underflows in an exact product is at most one smallest number in each dimension.
            _least = _best.Count == most ? _best.Peek().Score - Smallest : double.NegativeInfinity;
        }

        /// <summary>The best, in order.</summary>
        public Candidate[] Ordered()
        {
            Candidate[] ordered = [.. _best.UnorderedItems.Select(static item => item.Element)];
            Array.Sort(ordered);
            return ordered;
        }
    }
}
