using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marquee.Engine.Models;

/// <summary>The normal equations of a weighted least squares problem, A·x = b with A = P + Σ wⱼxⱼxⱼᵀ, in memory of the caller.</summary>
/// <remarks>
/// Of A only the diagonal and what is above it counts, so that a row is read and written from left to right: the sums of a row
/// stay in registers while all that is added to it passes by. What lies below may hold anything.
/// </remarks>
public static class NormalEquations
{
    /// <summary>Vectors whose sums stay in registers.</summary>
    private const int Kept = 8;

    /// <summary>The fewest vectors that are added up at a time without each sum waiting for its last addition.</summary>
    private const int KeptAtLeast = 4;

    /// <summary>Systems of a multiple of so many unknowns are solved fastest: rows are whole pieces then.</summary>
    public static int Multiple => KeptAtLeast * Vector<double>.Count;

    /// <summary>A += Σ wⱼxⱼxⱼᵀ and b += Σ wⱼxⱼ. O(n·d²), allocates nothing.</summary>
    /// <param name="rows">float64[n, d], row-major: x.</param>
    /// <param name="weighted">float64[n, d]: wⱼxⱼ.</param>
    /// <param name="matrix">float64[d, d]: A.</param>
    /// <param name="b">float64[d].</param>
    public static void Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weighted, Span<double> matrix, Span<double> b)
    {
        var dimension = b.Length;
        var count = rows.Length / dimension;
        RequireSquare(matrix, dimension);
        for (var i = 0; i < dimension && count > 0; i++)
        {
            AddRows(ref Unsafe.Add(ref MemoryMarshal.GetReference(weighted[..rows.Length]), i), dimension, rows, count, FirstOf(i, dimension), matrix.Slice(i * dimension, dimension));
        }

        for (; !weighted.IsEmpty; weighted = weighted[dimension..])
        {
            TensorPrimitives.Add(b, weighted[..dimension], b);
        }
    }

    /// <summary>Solves A·x = b by Cholesky's A = UᵀU. O(d³), allocates nothing.</summary>
    /// <param name="matrix">float64[d, d]: A; U afterwards.</param>
    /// <param name="b">float64[d]; x afterwards.</param>
    /// <exception cref="ArithmeticException">A is not positive definite.</exception>
    public static void Solve(Span<double> matrix, Span<double> b)
    {
        Factor(matrix, b.Length);
        SolveTransposed(matrix, b);
        SolveFactored(matrix, b);
    }

    /// <summary>Solves Uᵀ·x = b. O(d²), allocates nothing.</summary>
    /// <param name="factor">float64[d, d]: U.</param>
    /// <param name="b">float64[d]; x afterwards.</param>
    public static void SolveTransposed(ReadOnlySpan<double> factor, Span<double> b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            var row = factor.Slice(i * b.Length, b.Length);
            b[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[(i + 1)..], -b[i], b[(i + 1)..], b[(i + 1)..]);
        }
    }

    /// <summary>Solves U·x = b. O(d²), allocates nothing.</summary>
    /// <param name="factor">float64[d, d]: U.</param>
    /// <param name="b">float64[d]; x afterwards.</param>
    public static void SolveFactored(ReadOnlySpan<double> factor, Span<double> b)
    {
        for (var i = b.Length - 1; i >= 0; i--)
        {
            var row = factor.Slice(i * b.Length, b.Length);
            b[i] = (b[i] - TensorPrimitives.Dot<double>(row[(i + 1)..], b[(i + 1)..])) / row[i];
        }
    }

    /// <summary>Replaces A by Cholesky's U, A = UᵀU. O(d³), allocates nothing.</summary>
    /// <param name="matrix">float64[d, d]: A; U afterwards.</param>
    /// <param name="dimension">d.</param>
    /// <exception cref="ArithmeticException">A is not positive definite.</exception>
    public static void Factor(Span<double> matrix, int dimension)
    {
        RequireSquare(matrix, dimension);
        Span<double> column = stackalloc double[dimension];
        for (var i = 0; i < dimension; i++)
        {
            var row = matrix.Slice(i * dimension, dimension);
            for (var k = 0; k < i; k++)
            {
                column[k] = -matrix[(k * dimension) + i];
            }

            AddRows(ref MemoryMarshal.GetReference(column), 1, matrix, i, FirstOf(i, dimension), row);
            var root = row[i] > 0 ? Math.Sqrt(row[i]) : throw new ArithmeticException("The matrix is not positive definite.");
            TensorPrimitives.Divide(row[i..], root, row[i..]);
        }
    }

    /// <summary>The first column of a row that is computed: not behind its diagonal, and such that whole registers follow where they can.</summary>
    private static int FirstOf(int row, int dimension)
    {
        return dimension % Multiple == 0 ? row / Multiple * Multiple : row;
    }

    /// <summary>sums[k] += Σⱼ factors[j]·rows[j, k], from a first column on.</summary>
    private static void AddRows(ref double factors, int stride, ReadOnlySpan<double> rows, int count, int first, Span<double> sums)
    {
        var width = Vector<double>.Count;
        var column = first;
        if (Vector.IsHardwareAccelerated)
        {
            ref var row = ref MemoryMarshal.GetReference(rows);
            ref var sum = ref MemoryMarshal.GetReference(sums);
            for (; column + (Kept * width) <= sums.Length; column += Kept * width)
            {
                AddPiece(ref factors, stride, ref Unsafe.Add(ref row, column), sums.Length, count, ref Unsafe.Add(ref sum, column));
            }

            for (; column + (KeptAtLeast * width) <= sums.Length; column += KeptAtLeast * width)
            {
                AddSmallPiece(ref factors, stride, ref Unsafe.Add(ref row, column), sums.Length, count, ref Unsafe.Add(ref sum, column));
            }

            for (; column + width <= sums.Length; column += width)
            {
                AddVector(ref factors, stride, ref Unsafe.Add(ref row, column), sums.Length, count, ref Unsafe.Add(ref sum, column));
            }
        }

        for (; column < sums.Length; column++)
        {
            for (var j = 0; j < count; j++)
            {
                sums[column] = Math.FusedMultiplyAdd(Unsafe.Add(ref factors, j * stride), rows[(j * sums.Length) + column], sums[column]);
            }
        }
    }

    private static void AddPiece(ref double factors, int stride, ref double rows, int dimension, int count, ref double sums)
    {
        var width = (nuint)Vector<double>.Count;
        var (sum0, sum1) = (Vector.LoadUnsafe(ref sums), Vector.LoadUnsafe(ref sums, width));
        var (sum2, sum3) = (Vector.LoadUnsafe(ref sums, 2 * width), Vector.LoadUnsafe(ref sums, 3 * width));
        var (sum4, sum5) = (Vector.LoadUnsafe(ref sums, 4 * width), Vector.LoadUnsafe(ref sums, 5 * width));
        var (sum6, sum7) = (Vector.LoadUnsafe(ref sums, 6 * width), Vector.LoadUnsafe(ref sums, 7 * width));
        for (var j = 0; j < count; j++)
        {
            var factor = new Vector<double>(factors);
            sum0 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows), sum0);
            sum1 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, width), sum1);
            sum2 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 2 * width), sum2);
            sum3 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 3 * width), sum3);
            sum4 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 4 * width), sum4);
            sum5 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 5 * width), sum5);
            sum6 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 6 * width), sum6);
            sum7 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 7 * width), sum7);
            factors = ref Unsafe.Add(ref factors, stride);
            rows = ref Unsafe.Add(ref rows, dimension);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, width);
        sum2.StoreUnsafe(ref sums, 2 * width);
        sum3.StoreUnsafe(ref sums, 3 * width);
        sum4.StoreUnsafe(ref sums, 4 * width);
        sum5.StoreUnsafe(ref sums, 5 * width);
        sum6.StoreUnsafe(ref sums, 6 * width);
        sum7.StoreUnsafe(ref sums, 7 * width);
    }

    private static void AddSmallPiece(ref double factors, int stride, ref double rows, int dimension, int count, ref double sums)
    {
        var width = (nuint)Vector<double>.Count;
        var (sum0, sum1) = (Vector.LoadUnsafe(ref sums), Vector.LoadUnsafe(ref sums, width));
        var (sum2, sum3) = (Vector.LoadUnsafe(ref sums, 2 * width), Vector.LoadUnsafe(ref sums, 3 * width));
        for (var j = 0; j < count; j++)
        {
            var factor = new Vector<double>(factors);
            sum0 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows), sum0);
            sum1 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, width), sum1);
            sum2 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 2 * width), sum2);
            sum3 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref rows, 3 * width), sum3);
            factors = ref Unsafe.Add(ref factors, stride);
            rows = ref Unsafe.Add(ref rows, dimension);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, width);
        sum2.StoreUnsafe(ref sums, 2 * width);
        sum3.StoreUnsafe(ref sums, 3 * width);
    }

    private static void AddVector(ref double factors, int stride, ref double rows, int dimension, int count, ref double sums)
    {
        var sum = Vector.LoadUnsafe(ref sums);
        for (var j = 0; j < count; j++)
        {
            sum = Vector.FusedMultiplyAdd(new Vector<double>(factors), Vector.LoadUnsafe(ref rows), sum);
            factors = ref Unsafe.Add(ref factors, stride);
            rows = ref Unsafe.Add(ref rows, dimension);
        }

        sum.StoreUnsafe(ref sums);
    }

    private static void RequireSquare(ReadOnlySpan<double> matrix, int dimension)
    {
        if (matrix.Length != dimension * dimension)
        {
            throw new ArgumentException($"A system of {dimension} unknowns takes {dimension * dimension} numbers, not {matrix.Length}.");
        }
    }
}
