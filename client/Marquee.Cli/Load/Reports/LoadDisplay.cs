using System.Globalization;
using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Traffic;
using Spectre.Console;

namespace Marquee.Cli.Load.Reports;

/// <summary>Shows a load while it goes on, on standard error: a table for a person, a line now and then for a file, nothing for a script.</summary>
internal sealed class LoadDisplay(CommandContext context, bool quiet)
{
    private static readonly TimeSpan TablePeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Says what goes on.</summary>
    public void Say(string text)
    {
        if (!quiet)
        {
            context.Error.WriteLine(text);
        }
    }

    /// <summary>Runs a load.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="load">Runs it.</param>
    /// <param name="tally">How it goes.</param>
    /// <param name="plan">What is offered.</param>
    /// <param name="length">How long it is to go on.</param>
    public async Task ShowAsync(string label, Func<Task> load, LoadTally tally, TrafficPlan plan, TimeSpan length)
    {
        var running = Task.Run(load);
        if (!quiet)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{label}: {plan.PerSecond:N0} calls per second for {length.TotalSeconds:N0} s …"));
            await (context.ErrorIsTerminal ? ShowTableAsync(running, tally, plan) : WriteLinesAsync(running, tally, plan));
        }

        await running;
    }

    private Task ShowTableAsync(Task running, LoadTally tally, TrafficPlan plan) =>
        context.ErrorConsole().Live(LoadTable.Of(tally.Figures(plan.Kinds), plan)).AutoClear(true).StartAsync(async display =>
        {
            while (await Task.WhenAny(running, Task.Delay(TablePeriod, context.TimeProvider)) != running)
            {
                display.UpdateTarget(LoadTable.Of(tally.Figures(plan.Kinds), plan));
            }
        });

    private async Task WriteLinesAsync(Task running, LoadTally tally, TrafficPlan plan)
    {
        while (await Task.WhenAny(running, Task.Delay(LinePeriod, context.TimeProvider)) != running)
        {
            context.Error.WriteLine(LoadTable.Line(tally.Figures(plan.Kinds)));
        }
    }
}
