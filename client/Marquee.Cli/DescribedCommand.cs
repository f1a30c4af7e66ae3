using System.CommandLine;

namespace Marquee.Cli;

/// <summary>A command whose help has notes and examples, and whose failures all look alike.</summary>
internal sealed class DescribedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Paragraphs below the options.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What the command does; returns an <see cref="ExitCode"/>.</summary>
    public void Does(CommandContext context, Func<ParseResult, CancellationToken, Task<int>> action) =>
        SetAction((parse, cancellationToken) => FailureReport.GuardAsync(context, parse.GetValue(MarqueeCommand.Json), () => action(parse, cancellationToken)));
}
