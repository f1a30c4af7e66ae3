using System.Diagnostics;
using System.Numerics.Tensors;
using Marquee.Benchmarks.Micro;
using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Scale;

/// <summary>The exact ten best of 1 million titles × 50 dimensions by inner product: <see cref="QuantisedScan"/> against a plain scan of the floats, and against reading memory.</summary>
internal static class DenseBenchmark
{
    private const int Titles = 1_000_000;
    private const int Dimension = 50;
    private const int Most = 10;
    private const int Users = 128;

    /// <summary>How many queries each round takes at least.</summary>
    private const int Queries = 2_048;

    public static void Run(Report report)
    {
        var world = new GeneratedWorld(8);
        var threads = Environment.ProcessorCount;
        var rows = Factors(world, Titles);
        var users = Factors(world, Users);
        Report.Progress("quantising the matrix");
        var clock = Stopwatch.StartNew();
        var scan = new QuantisedScan(rows, Dimension);
        var quantising = clock.Elapsed.TotalSeconds;
        var bandwidth = Bandwidth(rows, threads);
        report.Add(new ResultRow("memory read in one pass (sum of the floats)", bandwidth / 1e9, "GB/s"));

        Report.Progress("plain scan");
        var answers = new Candidate[Users][];
        var plain = Rate(threads, Users / threads, user => answers[user] = scan.PlainBest(Of(users, user, 1), Most)[0]);
        report.Add(plain.Row($"{threads} threads, plain scan of the floats, one user per pass"));
        foreach (var together in (int[])[1, 4, 8, 16, 32])
        {
            Report.Progress($"quantised scan, {together} users per pass");
            long exact = 0;
            var batches = Math.Max(8, Queries / threads / together);
            var passes = Rate(threads, batches, batch =>
            {
                var first = batch * together % Users;
                var (best, multiplied) = scan.Best(Of(users, first, together), Most);
                Interlocked.Add(ref exact, multiplied);
                for (var i = 0; i < together; i++)
                {
                    Agreement.Same(answers[first + i], best[i], "the ten best titles");
                }
            });
            var queries = new Measurement(passes.PerSecond * together, passes.CpuMicroseconds / together, passes.AllocatedBytes / together);
            report.Add(queries.Row($"{threads} threads, quantised first pass, exact second, {together} users per pass", "plain scan", plain, "70/s, better 400/s"));
            report.Note($"{together} users per pass: {(double)exact / (together * batches * threads):N0} of {Titles:N0} titles per user are multiplied exactly; the first pass reads {passes.PerSecond * scan.PassBytes / bandwidth:P0} of what memory gives.");
        }

        report.Note($"Every answer of every timed query was compared with the plain scan's: the same titles and scores, bit for bit. Quantising took {quantising:0.0} s once; the quantised matrix is {(scan.PassBytes + (4L * Titles)) / 1e6:N0} MB beside {4L * Titles * Dimension / 1e6:N0} MB of floats.");
    }

    private static ReadOnlySpan<float> Of(float[] users, int first, int count) => users.AsSpan(first * Dimension, count * Dimension);

    /// <summary>Numbers like those of factorised matrices: directions of unequal weight, rows of unequal length.</summary>
    private static float[] Factors(GeneratedWorld world, int count)
    {
        var values = world.Gaussian(count * Dimension, 1);
        for (var row = 0; row < count; row++)
        {
            var length = 0.2f + (0.8f / (1 + (row % 997 / 100f)));
            for (var i = 0; i < Dimension; i++)
            {
                values[(row * Dimension) + i] *= length / MathF.Sqrt(1 + i);
            }
        }

        return values;
    }

    private static double Bandwidth(float[] rows, int threads)
    {
        double best = 0;
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            {
                var share = rows.Length / threads;
                GC.KeepAlive(TensorPrimitives.Sum<float>(rows.AsSpan(thread * share, share)));
            });
            best = Math.Max(best, 4.0 * rows.Length / clock.Elapsed.TotalSeconds);
        }

        return best;
    }

    /// <summary>Calls per second and what each costs, each thread one after the other.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="each">Calls of each.</param>
    /// <param name="call">Gets a number that no other call gets.</param>
    private static Measurement Rate(int threads, int each, Action<int> call)
    {
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var seconds = new double[threads];
        Task.WaitAll([.. Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < each; i++)
                {
                    call((thread * each) + i);
                }

                seconds[thread] = clock.Elapsed.TotalSeconds;
            },
            TaskCreationOptions.LongRunning))]);
        return new Measurement(
            seconds.Sum(time => each / time),
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (threads * each),
            (GC.GetTotalAllocatedBytes() - allocated) / (double)(threads * each));
    }
}
