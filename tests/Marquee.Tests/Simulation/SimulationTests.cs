using System.Diagnostics;
using System.Globalization;

namespace Marquee.Tests.Simulation;

/// <summary>The product's grains for events and viewers on one thread, in simulated time, over a store whose disk and network fail: nothing acknowledged is lost, nothing counts twice.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Names a seed to run instead of the random one.</summary>
    public const string SeedVariable = "MARQUEE_SIMULATION_SEED";

    private const int FixedSeeds = 34;
    private const long FaultsLeast = 100_000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(45);

    [Fact]
    public void Run_FixedSeeds_LosesNothingAndCountsNothingTwice()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (events, states) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        for (var seed = 1; seed <= FixedSeeds; seed++)
        {
            var world = Run(seed);
            foreach (var (kind, count) in world.Faults.Counts)
            {
                counts[kind] = counts.GetValueOrDefault(kind) + count;
            }

            events += world.Log().Values.Sum(entries => entries.Count);
            states += world.StatesCompared;
        }

        var faults = counts.Values.Sum();
        output.WriteLine($"{faults} faults in {FixedSeeds} worlds and {watch.Elapsed.TotalSeconds:F1} s, {faults / watch.Elapsed.TotalMinutes:F0} per minute; {events} entries in the logs, {states} states compared with their folds.");
        output.WriteLine(string.Join(Environment.NewLine, counts.Select(pair => $"{pair.Value,8} {pair.Key}")));
        Assert.True(faults >= FaultsLeast, $"{faults} faults are fewer than {FaultsLeast}.");
    }

    [Fact]
    public void Run_RandomSeed_LosesNothingAndCountsNothingTwice()
    {
        var seed = long.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var chosen)
            ? chosen
            : Random.Shared.NextInt64(FixedSeeds + 1, 1L << 40);
        output.WriteLine($"Seed {seed}; {SeedVariable}={seed} runs it again.");
        var world = Run(seed);
        output.WriteLine($"{world.Faults.Total} faults, {world.Log().Values.Sum(entries => entries.Count)} entries, {world.StatesCompared} states compared, {world.History.Reads.Count} reads, {world.Trace.Lines} lines, history {world.Trace.Hash:x16}.");
    }

    [Fact]
    public void Run_SameSeedTwice_HasTheSameHistory()
    {
        var (first, second, other) = (Run(7), Run(7), Run(8));
        Assert.Equal((first.Trace.Lines, first.Trace.Hash), (second.Trace.Lines, second.Trace.Hash));
        Assert.NotEqual(first.Trace.Hash, other.Trace.Hash);
    }

    private static SimulatedWorld Run(long seed)
    {
        var world = new SimulatedWorld(seed);
        world.Run(Duration);
        Assert.True(world.Violations.Count == 0, world.Explain());
        return world;
    }
}
