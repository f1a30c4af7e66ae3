using System.Collections.Concurrent;
using Marquee.Training;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class TrainingThreadsTests
{
    /// <summary>Requests are answered by the pool: no part of a training may sit on it.</summary>
    [Fact]
    public async Task Run_LoopInLoop_IsAllOnItsOwnThreadsBelowTheOthers()
    {
        var seen = new ConcurrentBag<(string? Name, bool IsPool, int Niceness)>();

        var sum = await TrainingThreads.Run("a training", () =>
        {
            var parts = new int[64];
            Parallel.For(0, 8, TrainingThreads.Loop(), outer => Parallel.For(0, 8, TrainingThreads.Loop(), inner =>
            {
                seen.Add((Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread, NicenessOfThisThread()));
                parts[(8 * outer) + inner] = 1;
                Thread.Sleep(1);
            }));
            return parts.Sum();
        });

        Assert.Equal(64, sum);
        Assert.All(seen, thread => Assert.Equal(("a training", false), (thread.Name, thread.IsPool)));
        Assert.All(seen, static thread => Assert.True(!OperatingSystem.IsLinux() || thread.Niceness >= 10, $"niceness {thread.Niceness}"));
    }

    [Fact]
    public async Task Run_Training_GivesTheSameBitsAsOnThePool()
    {
        string[] ids = ["a", "b", "c", "d"];
        int[][] positives = [[0, 1], [1, 2], [2, 3], [0, 3], [0, 2]];
        var options = new EmbeddingOptions { Dimension = 8, Sweeps = 2 };

        var background = await TrainingThreads.Run("a training", () => EmbeddingTrainer.Train(ids, positives, options));

        Assert.Equal(EmbeddingTrainer.Train(ids, positives, options).Embeddings, background.Embeddings);
    }

    [Fact]
    public async Task Run_ComputationThatThrows_GivesWhatItThrew()
    {
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(static () => TrainingThreads.Run<int>("a training", static () => throw new InvalidDataException("the history is empty")));

        Assert.Equal("the history is empty", thrown.Message);
    }

    /// <summary>The awaiting code serves: it must not go on where the training was.</summary>
    [Fact]
    public async Task Run_Awaited_GoesOnElsewhere()
    {
        var name = await TrainingThreads.Run("a training", static () => 1).ContinueWith(
            static _ => Thread.CurrentThread.Name, TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Assert.NotEqual("a training", name);
    }

    /// <summary>Fields of proc(5)'s stat follow the name in brackets; the 19th is the niceness.</summary>
    private static int NicenessOfThisThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }
}
