using Marquee.Benchmarks;

// Prints ratios to baselines of the same run; a rate alone means little on a shared machine.
// Without arguments everything runs; otherwise the named parts: memory, grain, http, events.
var parts = new (string Name, Func<BenchmarkNode, Task> Run)[]
{
    ("memory", MemoryBenchmark.Run),
    ("grain", GrainBenchmark.Run),
    ("http", HttpBenchmark.Run),
    ("events", EventBenchmark.Run),
};
if (args.FirstOrDefault(arg => parts.All(part => part.Name != arg)) is { } unknown)
{
    Console.Error.WriteLine($"There is no part '{unknown}'; there are: {string.Join(", ", parts.Select(part => part.Name))}.");
    return 1;
}

await using var node = await BenchmarkNode.Start();
foreach (var (name, run) in parts)
{
    if (args.Length == 0 || args.Contains(name))
    {
        await run(node);
    }
}

return 0;
