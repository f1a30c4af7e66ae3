using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marquee.Engine.Models;

/// <summary>Products of dense matrices, for networks of a few thousand weights that are trained and served by the same code.</summary>
/// <remarks>Each number of the result is summed in the order of the inner dimension, so it does not depend on how rows are cut into pieces.</remarks>
public static class DenseProduct
{
    /// <summary>C += A·B. O(rows · inner · columns), allocates nothing.</summary>
    /// <param name="a">float32[rows, inner], each row <paramref name="inner"/> long.</param>
    /// <param name="b">float32[inner, columns], row-major.</param>
    /// <param name="c">float32[rows, columns], row-major, added to.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns) =>
        Add(a, inner, 1, b, c, rows, inner, columns);

    /// <summary>C += Aᵀ·B, the shape of the gradient of weights.</summary>
    /// <param name="a">float32[inner, rows], row-major: A itself.</param>
    /// <param name="b">float32[inner, columns], row-major.</param>
    /// <param name="c">float32[rows, columns], row-major, added to.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="inner">Rows of A and B.</param>
    /// <param name="columns">Columns of B and C.</param>
    public static void AddTransposed(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns) =>
        Add(a, 1, rows, b, c, rows, inner, columns);

    /// <summary>The plain twin of both: their specification.</summary>
    internal static void PlainAdd(ReadOnlySpan<float> a, int rowStride, int columnStride, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns, int from)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = from; column < columns; column++)
            {
                var sum = c[(row * columns) + column];
                for (var k = 0; k < inner; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(row * rowStride) + (k * columnStride)], b[(k * columns) + column], sum);
                }

                c[(row * columns) + column] = sum;
            }
        }
    }

    private static void Add(ReadOnlySpan<float> a, int rowStride, int columnStride, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        if (a.Length < rows * inner || b.Length < inner * columns || c.Length < rows * columns)
        {
            throw new ArgumentException($"A product of {rows} × {inner} and {inner} × {columns} numbers does not fit {a.Length}, {b.Length} and {c.Length}.");
        }

        var width = Vector<float>.Count;
        var column = 0;
        if (Vector.IsHardwareAccelerated)
        {
            ref var firstA = ref MemoryMarshal.GetReference(a);
            ref var firstB = ref MemoryMarshal.GetReference(b);
            ref var firstC = ref MemoryMarshal.GetReference(c);
            for (; rows < 4 && column + (8 * width) <= columns; column += 8 * width)
            {
                // Few rows are what serving has: more columns at a time keep the processor busy instead.
                for (var row = 0; row < rows; row++)
                {
                    OneWideRow(ref Unsafe.Add(ref firstA, row * rowStride), columnStride, ref Unsafe.Add(ref firstB, column), ref Unsafe.Add(ref firstC, (row * columns) + column), inner, columns);
                }
            }

            for (; column + (2 * width) <= columns; column += 2 * width)
            {
                var row = 0;
                for (; row + 4 <= rows; row += 4)
                {
                    FourRows(ref Unsafe.Add(ref firstA, row * rowStride), rowStride, columnStride, ref Unsafe.Add(ref firstB, column), ref Unsafe.Add(ref firstC, (row * columns) + column), inner, columns);
                }

                for (; row < rows; row++)
                {
                    OneRow(ref Unsafe.Add(ref firstA, row * rowStride), columnStride, ref Unsafe.Add(ref firstB, column), ref Unsafe.Add(ref firstC, (row * columns) + column), inner, columns);
                }
            }
        }

        PlainAdd(a, rowStride, columnStride, b, c, rows, inner, columns, column);
    }

    /// <summary>Four rows by two vectors of columns: eight sums stay in registers.</summary>
    private static void FourRows(ref float a, int rowStride, int columnStride, ref float b, ref float c, int inner, int columns)
    {
        var width = (nuint)Vector<float>.Count;
        var stride = (nuint)columns;
        var (c00, c01) = (Vector.LoadUnsafe(ref c), Vector.LoadUnsafe(ref c, width));
        var (c10, c11) = (Vector.LoadUnsafe(ref c, stride), Vector.LoadUnsafe(ref c, stride + width));
        var (c20, c21) = (Vector.LoadUnsafe(ref c, 2 * stride), Vector.LoadUnsafe(ref c, (2 * stride) + width));
        var (c30, c31) = (Vector.LoadUnsafe(ref c, 3 * stride), Vector.LoadUnsafe(ref c, (3 * stride) + width));
        for (var k = 0; k < inner; k++)
        {
            var (b0, b1) = (Vector.LoadUnsafe(ref b), Vector.LoadUnsafe(ref b, width));
            var x = new Vector<float>(a);
            (c00, c01) = (Vector.FusedMultiplyAdd(x, b0, c00), Vector.FusedMultiplyAdd(x, b1, c01));
            x = new Vector<float>(Unsafe.Add(ref a, rowStride));
            (c10, c11) = (Vector.FusedMultiplyAdd(x, b0, c10), Vector.FusedMultiplyAdd(x, b1, c11));
            x = new Vector<float>(Unsafe.Add(ref a, 2 * rowStride));
            (c20, c21) = (Vector.FusedMultiplyAdd(x, b0, c20), Vector.FusedMultiplyAdd(x, b1, c21));
            x = new Vector<float>(Unsafe.Add(ref a, 3 * rowStride));
            (c30, c31) = (Vector.FusedMultiplyAdd(x, b0, c30), Vector.FusedMultiplyAdd(x, b1, c31));
            a = ref Unsafe.Add(ref a, columnStride);
            b = ref Unsafe.Add(ref b, columns);
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, width);
        c10.StoreUnsafe(ref c, stride);
        c11.StoreUnsafe(ref c, stride + width);
        c20.StoreUnsafe(ref c, 2 * stride);
        c21.StoreUnsafe(ref c, (2 * stride) + width);
        c30.StoreUnsafe(ref c, 3 * stride);
        c31.StoreUnsafe(ref c, (3 * stride) + width);
    }

    /// <summary>One row by eight vectors of columns.</summary>
    private static void OneWideRow(ref float a, int columnStride, ref float b, ref float c, int inner, int columns)
    {
        var width = (nuint)Vector<float>.Count;
        var (c0, c1) = (Vector.LoadUnsafe(ref c), Vector.LoadUnsafe(ref c, width));
        var (c2, c3) = (Vector.LoadUnsafe(ref c, 2 * width), Vector.LoadUnsafe(ref c, 3 * width));
        var (c4, c5) = (Vector.LoadUnsafe(ref c, 4 * width), Vector.LoadUnsafe(ref c, 5 * width));
        var (c6, c7) = (Vector.LoadUnsafe(ref c, 6 * width), Vector.LoadUnsafe(ref c, 7 * width));
        for (var k = 0; k < inner; k++)
        {
            var x = new Vector<float>(a);
            (c0, c1) = (Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b), c0), Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, width), c1));
            (c2, c3) = (Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 2 * width), c2), Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 3 * width), c3));
            (c4, c5) = (Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 4 * width), c4), Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 5 * width), c5));
            (c6, c7) = (Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 6 * width), c6), Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, 7 * width), c7));
            a = ref Unsafe.Add(ref a, columnStride);
            b = ref Unsafe.Add(ref b, columns);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, width);
        c2.StoreUnsafe(ref c, 2 * width);
        c3.StoreUnsafe(ref c, 3 * width);
        c4.StoreUnsafe(ref c, 4 * width);
        c5.StoreUnsafe(ref c, 5 * width);
        c6.StoreUnsafe(ref c, 6 * width);
        c7.StoreUnsafe(ref c, 7 * width);
    }

    /// <summary>One row by two vectors of columns.</summary>
    private static void OneRow(ref float a, int columnStride, ref float b, ref float c, int inner, int columns)
    {
        var width = (nuint)Vector<float>.Count;
        var (c0, c1) = (Vector.LoadUnsafe(ref c), Vector.LoadUnsafe(ref c, width));
        for (var k = 0; k < inner; k++)
        {
            var x = new Vector<float>(a);
            (c0, c1) = (Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b), c0), Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, width), c1));
            a = ref Unsafe.Add(ref a, columnStride);
            b = ref Unsafe.Add(ref b, columns);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, width);
    }
}
