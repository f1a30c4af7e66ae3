using System.Globalization;
using Spectre.Console;

namespace Marquee.Cli.Terminal;

/// <summary>Shows how work goes on standard error: bars for a person, a plain line now and then for a file, nothing for a script.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan BarPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(2);

    /// <summary>Runs the work and asks for its state from time to time.</summary>
    /// <param name="context">Terminal and clock.</param>
    /// <param name="quiet">Show nothing.</param>
    /// <param name="work">The work; its failure is thrown after the display is closed.</param>
    /// <param name="state">The lines, always as many and in the same order.</param>
    public static async Task RunAsync(CommandContext context, bool quiet, Func<Task> work, Func<IReadOnlyList<ProgressState>> state)
    {
        var running = Task.Run(work);
        if (quiet)
        {
            await running;
        }
        else if (context.ErrorIsTerminal)
        {
            await ShowBarsAsync(context, running, state);
        }
        else
        {
            await WriteLinesAsync(context, running, state);
        }

        await running;
    }

    private static async Task WriteLinesAsync(CommandContext context, Task running, Func<IReadOnlyList<ProgressState>> state)
    {
        while (await Task.WhenAny(running, Task.Delay(LinePeriod, context.TimeProvider)) != running)
        {
            context.Error.WriteLine(string.Join("   ", state().Select(Describe)));
        }

        context.Error.WriteLine(string.Join("   ", state().Select(Describe)));
    }

    private static Task ShowBarsAsync(CommandContext context, Task running, Func<IReadOnlyList<ProgressState>> state) =>
        new Progress(context.ErrorConsole())
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new DetailColumn())
            .StartAsync(async progress =>
            {
                var bars = state().Select(line => progress.AddTask(Markup.Escape(line.Label))).ToArray();
                do
                {
                    await Task.WhenAny(running, Task.Delay(BarPeriod, context.TimeProvider));
                    foreach (var (bar, line) in bars.Zip(state()))
                    {
                        bar.IsIndeterminate = line.Total is null;
                        bar.MaxValue = Math.Max(1, line.Total ?? 1);
                        bar.Value = line.Total switch { null => 0, 0 => 1, _ => line.Done };
                        bar.Description = Markup.Escape(Count(line));
                        bar.Tag = string.Join("  ", ((string[])[line.Detail, line.Activity]).Where(text => text.Length > 0));
                    }
                }
                while (!running.IsCompleted);
            });

    private static string Count(ProgressState line) => line.Total is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Label} {line.Done:N0} of {total:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"{line.Label} {line.Done:N0}");

    private static string Describe(ProgressState line)
    {
        var detail = line.Detail.Length > 0 ? $" ({line.Detail})" : "";
        var activity = line.Activity.Length > 0 ? $" [{line.Activity}]" : "";
        return $"{Count(line)}{detail}{activity}";
    }
}
