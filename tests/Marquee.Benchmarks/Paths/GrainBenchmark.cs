using Marquee.Benchmarks.Results;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;

namespace Marquee.Benchmarks.Paths;

/// <summary>A grain that does nothing: what a call costs by itself.</summary>
[Alias("marquee.benchmarks.INullGrain")]
public interface INullGrain : IGrainWithIntegerKey
{
    /// <summary>Does nothing.</summary>
    [Alias("Call")]
    Task Call();
}

/// <inheritdoc/>
internal sealed class NullGrain : Grain, INullGrain
{
    /// <inheritdoc/>
    public Task Call() => Task.CompletedTask;
}

/// <summary>A recommendation through the viewer's grain against a call of a grain that does nothing.</summary>
internal static class GrainBenchmark
{
    private const int Users = 500;

    /// <summary>What was measured last in this process.</summary>
    public static Measurement? Null { get; private set; }

    public static async Task Run(BenchmarkNode node, Report report)
    {
        var nulls = Enumerable.Range(0, Users).Select(i => node.Grains.GetGrain<INullGrain>(i)).ToArray();
        var users = Enumerable.Range(1, Users).Select(i => node.Grains.GetGrain<IUserGrain>($"default/{i}")).ToArray();
        var request = new SlateRequest { Surface = "top-picks", Count = 20 };
        var baseline = await Measurement.Of(32, i => nulls[i % Users].Call());
        Null = baseline;
        report.Add(baseline.Row("null grain call"));
        var ranked = await Measurement.Of(32, i => users[i % Users].Recommend(request));
        report.Add(ranked.Row("recommendation through the grain, 12,611 titles, 20 items", "null grain call", baseline, "1/60, better 1/20"));
    }
}
