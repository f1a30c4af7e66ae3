using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Scale;

internal static class PopulationBenchmark
{
    public const string NodeArgument = "--node";

    public static Task Run(Report report) => Task.CompletedTask;

    public static Task<int> RunNode(List<string> arguments) => Task.FromResult(0);
}
