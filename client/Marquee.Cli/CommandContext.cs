using Spectre.Console;

namespace Marquee.Cli;

/// <summary>The world outside a command: streams, terminal, clock, network. Tests bring their own.</summary>
internal sealed class CommandContext
{
    private const int PlainWidth = 160;

    /// <summary>Results, and nothing else.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Progress and complaints.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens what <c>-</c> reads.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether a person watches the results.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person watches the progress.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The network.</summary>
    public Func<HttpMessageHandler> CreateHandler { get; init; } = () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>The retry budget of a question that somebody waits for.</summary>
    public TimeSpan QueryPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The retry budget of a batch: long enough for a node to be restarted meanwhile.</summary>
    public TimeSpan SendPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a command may take to put things in order after Ctrl-C.</summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The context of a real process.</summary>
    public static CommandContext OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
    };

    /// <summary>Tables and colours on standard output; plain and wide when it is a file or a pipe.</summary>
    public IAnsiConsole OutputConsole() => ConsoleOn(Output, OutputIsTerminal);

    /// <summary>Bars and colours on standard error.</summary>
    public IAnsiConsole ErrorConsole() => ConsoleOn(Error, ErrorIsTerminal);

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
