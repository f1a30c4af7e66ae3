using System.Numerics.Tensors;

namespace Marquee.Engine.Models;

/// <summary>Small dense symmetric systems.</summary>
public static class GramMatrix
{
    /// <summary>weight·XᵀX + ridge·I.</summary>
    /// <param name="rows">float32[n, d], row-major.</param>
    /// <param name="dimension">d.</param>
    /// <param name="weight">Factor of the products.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    /// <returns>float64[d, d].</returns>
    public static double[] WeightedWithRidge(ReadOnlySpan<float> rows, int dimension, double weight, double ridge)
    {
        var matrix = new double[dimension * dimension];
        Span<double> row = stackalloc double[dimension];
        for (var start = 0; start < rows.Length; start += dimension)
        {
            TensorPrimitives.ConvertTruncating(rows.Slice(start, dimension), row);
            for (var i = 0; i < dimension; i++)
            {
                var into = matrix.AsSpan(i * dimension, dimension);
                TensorPrimitives.MultiplyAdd(row, row[i] * weight, into, into);
            }
        }

        for (var i = 0; i < dimension; i++)
        {
            matrix[(i * dimension) + i] += ridge;
        }

        return matrix;
    }

    /// <summary>Adds weight·x·xᵀ to a matrix.</summary>
    public static void AddOuterProduct(Span<double> matrix, ReadOnlySpan<double> x, double weight)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var into = matrix.Slice(i * x.Length, x.Length);
            TensorPrimitives.MultiplyAdd(x, x[i] * weight, into, into);
        }
    }

    /// <summary>Replaces a symmetric positive definite matrix by its Cholesky factor L (lower triangle; the rest is left).</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Factor(Span<double> matrix, int dimension)
    {
        for (var i = 0; i < dimension; i++)
        {
            var rowI = matrix.Slice(i * dimension, dimension);
            for (var j = 0; j <= i; j++)
            {
                var rowJ = matrix.Slice(j * dimension, dimension);
                var rest = rowI[j] - TensorPrimitives.Dot<double>(rowI[..j], rowJ[..j]);
                if (i == j)
                {
                    rowI[i] = rest > 0 ? Math.Sqrt(rest) : throw new ArithmeticException("The matrix is not positive definite.");
                }
                else
                {
                    rowI[j] = rest / rowJ[j];
                }
            }
        }
    }

    /// <summary>Solves L·Lᵀ·x = b in place.</summary>
    public static void Solve(ReadOnlySpan<double> factor, Span<double> b)
    {
        var dimension = b.Length;
        for (var i = 0; i < dimension; i++)
        {
            var row = factor.Slice(i * dimension, dimension);
            b[i] = (b[i] - TensorPrimitives.Dot<double>(row[..i], b[..i])) / row[i];
        }

        for (var i = dimension - 1; i >= 0; i--)
        {
            b[i] /= factor[(i * dimension) + i];
            TensorPrimitives.MultiplyAdd(factor.Slice(i * dimension, i), -b[i], b[..i], b[..i]);
        }
    }
}
