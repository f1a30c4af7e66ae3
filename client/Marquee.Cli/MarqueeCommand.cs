using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Marquee.Cli.Chaos;
using Marquee.Cli.Clusters;
using Marquee.Cli.Evaluation;
using Marquee.Cli.Import;
using Marquee.Cli.Load;
using Marquee.Cli.Models;
using Marquee.Cli.Operations;
using Marquee.Cli.Recommendations;
using Marquee.Cli.Replay;
using Marquee.Cli.Training;

namespace Marquee.Cli;

/// <summary>The whole command line. A new command is one more line in <see cref="Create"/>.</summary>
internal static class MarqueeCommand
{
    /// <summary>For scripts; on every command.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON document on standard output instead of tables, and no progress. Failures are {\"error\":{kind,message,nextStep}}.",
        Recursive = true,
    };

    /// <summary>Runs one command line and returns its <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellationToken = default)
    {
        var parse = Create(context).Parse(arguments);
        if (parse.Action is ParseErrorAction)
        {
            var message = string.Join(" ", parse.Errors.Select(error => error.Message.ReplaceLineEndings(" ")));
            return FailureReport.Write(context, arguments.Contains("--json"), new("usage", message, $"See: {PathOf(parse.CommandResult.Command)} --help"));
        }

        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = context.InterruptGrace + TimeSpan.FromSeconds(2),
            },
            cancellationToken);
    }

    private static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand("Marquee: real-time recommendations for streaming video. Talks to a running node.")
        {
            Json,
            ImportCommand.Create(context),
            ReplayCommand.Create(context),
            RecommendCommand.Create(context),
            StatusCommand.Create(context),
            LogCommand.Create(context),
            EvaluateCommand.Create(context),
            TrainCommand.Create(context),
            ModelsCommand.Create(context),
            ClusterCommand.Create(context),
            ChaosCommand.Create(context),
            LoadCommand.Create(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new MarqueeHelp((HelpAction)help.Action!);
        return root;
    }

    private static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{PathOf(parent)} {command.Name}"
        : "marquee";
}
