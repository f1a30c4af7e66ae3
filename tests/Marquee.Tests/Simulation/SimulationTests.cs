using System.Diagnostics;
using System.Globalization;

namespace Marquee.Tests.Simulation;

/// <summary>The product's grains for events and viewers on one thread, in simulated time, over a store whose disk and network fail: nothing acknowledged is lost, nothing counts twice.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Names a seed to run instead of the random one.</summary>
    public const string SeedVariable = "MARQUEE_SIMULATION_SEED";

    /// <summary>How many fixed seeds to run instead of the usual number.</summary>
    public const string SeedsVariable = "MARQUEE_SIMULATION_SEEDS";

    private const int FixedSeeds = 34;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(45);

    /// <summary>How often each fault of the disk strikes at least in <see cref="FixedSeeds"/> worlds.</summary>
    private static readonly Dictionary<string, long> DiskFaultsLeast = new()
    {
        ["unsynced write lost"] = 40,
        ["unsynced write torn"] = 40,
        ["sync failed"] = 150,
        ["write failed"] = 70,
        ["store died in a write"] = 200,
        ["bit flipped"] = 50,
        ["disk full"] = 50,
        ["write without room"] = 750,
    };

    /// <summary>How often something goes wrong at least in <see cref="FixedSeeds"/> worlds, lateness not counted.</summary>
    private const long FaultsLeast = 14_000;

    [Fact]
    public void Run_FixedSeeds_LosesNothingAndCountsNothingTwice()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable(SeedsVariable), CultureInfo.InvariantCulture, out var chosen) ? Math.Max(chosen, FixedSeeds) : FixedSeeds;
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (faults, events, states) = (0L, 0L, 0L);
        var watch = Stopwatch.StartNew();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var world = Run(seed);
            foreach (var (kind, count) in world.Faults.Counts)
            {
                counts[kind] = counts.GetValueOrDefault(kind) + count;
            }

            faults += world.Faults.Total;
            events += world.Log().Values.Sum(entries => entries.Count);
            states += world.StatesCompared;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{faults} faults in {seeds} worlds and {watch.Elapsed.TotalSeconds:F1} s, {faults / watch.Elapsed.TotalMinutes:F0} per minute, lateness not counted; {events} entries in the logs, {states} states compared with their folds."));
        output.WriteLine(string.Join(Environment.NewLine, counts.Select(pair => $"{pair.Value,8} {pair.Key}{(Faults.IsLateness(pair.Key) ? " (not counted)" : "")}")));
        Assert.True(faults >= FaultsLeast, $"{faults} faults are fewer than {FaultsLeast}.");
        Assert.All(DiskFaultsLeast, least => Assert.True(counts.GetValueOrDefault(least.Key) >= least.Value, $"{counts.GetValueOrDefault(least.Key)} times '{least.Key}' is less than {least.Value}."));
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
