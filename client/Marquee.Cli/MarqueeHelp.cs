using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Marquee.Cli;

/// <summary>The standard help, followed by the command's notes, its examples and the exit codes.</summary>
internal sealed class MarqueeHelp(HelpAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is DescribedCommand command)
        {
            foreach (var note in command.Notes)
            {
                output.WriteLine(note);
                output.WriteLine();
            }

            Section(output, "Examples:", command.Examples);
        }

        Section(output, "Exit codes:", ExitCode.Explanations);
        return exitCode;
    }

    private static void Section(TextWriter output, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(heading);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
