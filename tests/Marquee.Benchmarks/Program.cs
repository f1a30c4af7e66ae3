using Marquee.Benchmarks;

return await Parts.Run(args);
