using Marquee.Cli;

return await MarqueeCommand.RunAsync(args, CommandContext.OfProcess());
