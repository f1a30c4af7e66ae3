using CsCheck;
using Marquee.Engine.Models;

namespace Marquee.Tests.Models;

public sealed class DenseProductTests
{
    private static readonly Gen<float> Number = Gen.Float[-2, 2];

    [Fact]
    public void Add_AnyShape_EqualsItsPlainTwinBitByBit() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 20], Gen.Int[1, 150]).SelectMany(static shape =>
            Gen.Select(Number.Array[shape.Item1 * shape.Item2], Number.Array[shape.Item2 * shape.Item3], Number.Array[shape.Item1 * shape.Item3], Gen.Const(shape))).Sample(static (a, b, c, shape) =>
        {
            var (rows, inner, columns) = shape;
            float[] plain = [.. c];
            DenseProduct.PlainAdd(a, inner, 1, b, plain, rows, inner, columns, 0);

            DenseProduct.Add(a, b, c, rows, inner, columns);

            Assert.Equal(plain, c);
        });

    [Fact]
    public void AddTransposed_AnyShape_IsTheProductOfTheTransposed() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 20], Gen.Int[1, 40]).SelectMany(static shape =>
            Gen.Select(Number.Array[shape.Item1 * shape.Item2], Number.Array[shape.Item2 * shape.Item3], Gen.Const(shape))).Sample(static (a, b, shape) =>
        {
            var (rows, inner, columns) = shape;
            float[] transposed = [.. Enumerable.Range(0, rows * inner).Select(i => a[(i % rows * inner) + (i / rows)])];
            var (expected, actual) = (new float[rows * columns], new float[rows * columns]);

            DenseProduct.Add(a, b, expected, rows, inner, columns);
            DenseProduct.AddTransposed(transposed, b, actual, rows, inner, columns);

            Assert.Equal(expected, actual);
        });

    [Fact]
    public void Add_MemoryTooSmall_IsRefused() =>
        Assert.Throws<ArgumentException>(static () => DenseProduct.Add(new float[4], new float[4], new float[3], 2, 2, 2));
}
