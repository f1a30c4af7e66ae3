using Marquee.Benchmarks;

// Prints ratios to baselines of the same run; a rate alone means little on a shared machine.
await using var node = await BenchmarkNode.Start();
await GrainBenchmark.Run(node);
await HttpBenchmark.Run(node);
await EventBenchmark.Run(node);
return 0;
