namespace Marquee.Benchmarks.Micro;

/// <summary>What is not the same as its plain twin is not worth measuring.</summary>
internal static class Agreement
{
    public static void Near(double plain, double engine, double tolerance, string what)
    {
        if (!(Math.Abs(plain - engine) <= tolerance))
        {
            throw new InvalidOperationException($"Engine and plain twin disagree on {what}: {engine} and {plain}.");
        }
    }

    public static void Same<T>(IEnumerable<T> plain, IEnumerable<T> engine, string what)
    {
        if (!plain.SequenceEqual(engine))
        {
            throw new InvalidOperationException($"Engine and plain twin disagree on {what}.");
        }
    }
}
