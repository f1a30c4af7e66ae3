using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Nodes;
using Marquee.Client;
using Marquee.Client.Operations;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Marquee.Cli.Operations;

/// <summary><c>marquee status</c>: what an operator looks at first.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var url = NodeOption.Create();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep it on the screen; with --json one document per line. Ends with Ctrl-C." };
        var every = new Option<double>("--every")
        {
            Description = "Seconds between looks with --watch, 0.1 to 86400.",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                if (!double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0.1 and <= 86400))
                {
                    result.AddError($"--every takes seconds from 0.1 to 86400, not '{result.Tokens[0].Value}'.");
                }

                return seconds;
            },
        };
        var command = new DescribedCommand("status", "Shows how the node is doing.")
        {
            Examples = ["marquee status", "marquee status --watch", "marquee status --json | jq .freshness"],
        };
        command.Add(url);
        command.Add(watch);
        command.Add(every);
        command.Does(context, async (parse, cancellationToken) =>
        {
            var address = parse.GetRequiredValue(url);
            var client = NodeOption.Connect(context, address, context.QueryPatience);
            var json = parse.GetValue(MarqueeCommand.Json);
            if (!parse.GetValue(watch))
            {
                Write(context, json, await client.GetStatusAsync(cancellationToken));
                return ExitCode.Success;
            }

            var period = TimeSpan.FromSeconds(parse.GetRequiredValue(every));
            var onScreen = context.OutputIsTerminal && !json;
            try
            {
                await (onScreen
                    ? ShowAsync(context, client, period, cancellationToken)
                    : ListAsync(context, json, client, period, cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // The way in which a watch ends.
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static async Task ListAsync(CommandContext context, bool json, MarqueeClient client, TimeSpan period, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Write(context, json, await client.GetStatusAsync(cancellationToken));
            }
            catch (Exception exception) when (FailureReport.Explain(exception) is { Kind: not "interrupted" } failure)
            {
                FailureReport.Write(context, json, failure);
            }

            await Task.Delay(period, context.TimeProvider, cancellationToken);
        }
    }

    private static Task ShowAsync(CommandContext context, MarqueeClient client, TimeSpan period, CancellationToken cancellationToken) =>
        context.OutputConsole().Live(new Text("Asking the node …")).StartAsync(async display =>
        {
            while (true)
            {
                IRenderable view;
                try
                {
                    view = StatusTable.Of(await client.GetStatusAsync(cancellationToken), context.TimeProvider.GetUtcNow());
                }
                catch (Exception exception) when (FailureReport.Explain(exception) is { Kind: not "interrupted" } failure)
                {
                    view = new Markup($"[red]{Markup.Escape(failure.Message)}[/]\n{Markup.Escape(failure.NextStep ?? "")}");
                }

                display.UpdateTarget(view);
                await Task.Delay(period, context.TimeProvider, cancellationToken);
            }
        });

    private static void Write(CommandContext context, bool json, NodeStatus status)
    {
        if (json)
        {
            JsonOutput.Write(context, status, MarqueeJson.Default.NodeStatus);
        }
        else
        {
            context.OutputConsole().Write(StatusTable.Of(status, context.TimeProvider.GetUtcNow()));
        }
    }
}
