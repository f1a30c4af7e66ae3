using Marquee.Benchmarks;

// Prints ratios to baselines of the same run; a rate alone means little on a shared machine.
// Without arguments everything runs; otherwise the named parts: memory, ranking, grain, http, events.
// `--data FOLDER` keeps the node's data, so that the next run does not wait for the sample and the model's training.
string? data = null;
if (Array.IndexOf(args, "--data") is >= 0 and var at && at + 1 < args.Length)
{
    data = args[at + 1];
    args = [.. args[..at], .. args[(at + 2)..]];
}

var parts = new (string Name, Func<BenchmarkNode, Task> Run)[]
{
    ("ranking", RankingBenchmark.Run),
    ("grain", GrainBenchmark.Run),
    ("http", HttpBenchmark.Run),
    ("events", EventBenchmark.Run),
};
const string Memory = "memory";
string[] names = [Memory, .. parts.Select(part => part.Name)];
if (args.FirstOrDefault(arg => !names.Contains(arg)) is { } unknown)
{
    Console.Error.WriteLine($"There is no part '{unknown}'; there are: {string.Join(", ", names)}.");
    return 1;
}

bool IsWanted(string name) => args.Length == 0 || args.Contains(name);

if (IsWanted(Memory))
{
    MemoryBenchmark.Run();
}

var wanted = parts.Where(part => IsWanted(part.Name)).ToArray();
if (wanted.Length == 0)
{
    return 0;
}

await using var node = await BenchmarkNode.Start(data);
foreach (var (_, run) in wanted)
{
    await run(node);
}

return 0;
