using System.CommandLine;
using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Reports;
using Marquee.Cli.Load.Worlds;
using Marquee.Cli.Nodes;
using Marquee.Cli.Terminal;
using Marquee.Client;
using Marquee.Client.Operations;
using Marquee.Client.Titles;

namespace Marquee.Cli.Load;

/// <summary><c>marquee load</c>: how nodes do under a steady load, and what a call costs them.</summary>
internal static class LoadCommand
{
    private const int NodeTitlesMax = 1_000_000;

    public static Command Create(CommandContext context)
    {
        var options = new LoadOptions();
        var command = new DescribedCommand("load", "Offers a node a steady, mixed load of a simulated world, and measures latencies and what a call costs.")
        {
            Notes =
            [
                "Calls are made when they are due, however late those before are answered, and latency counts from that moment, so that\n"
                    + "queues show (no coordinated omission). Each call is tried once. Percentiles are of calls answered with success; those\n"
                    + "without an answer and those that could not be sent count as longer than any (∞), refusals under load as 'shed'.",
                "The world: users and titles as unevenly active and popular as in the sample, users with two favourite genres each. It is\n"
                    + "published to the first node before the load: WRITES simulated titles and users into the node, so give it a node of its own.",
                "--profile tells what a call of each kind costs: processor time and allocations of the nodes' processes while it is the only\n"
                    + "one, until all of it is worked off, less what they use at rest. Give rates for which each kind gets some seconds of it.",
                "--max doubles the rate, five seconds each, until fewer than 95 % are answered, calls are lost or p99 is over --p99,\n"
                    + "twice in a row, then narrows down to a tenth. On a machine shared with the generator both compete, and the result is that of the pair.",
            ],
            Examples =
            [
                "marquee load --rate 200 --minutes 2",
                "marquee load --rate recommend=300,batch=20,home=50,similar=100,trending=200 --profile 10",
                "marquee load --published --rate 500 --mix event=9,recommend=1 --hot-title 0.9 --json",
                "marquee load --node-titles --max recommend --p99 50",
                "marquee load --url http://127.0.0.1:8080 --node http://127.0.0.1:5001 --node http://127.0.0.1:5002 --profile 10",
            ],
        };
        options.AddTo(command);
        command.Does(context, (parse, interrupted) => RunAsync(context, parse.GetValue(MarqueeCommand.Json), options.Read(parse), interrupted));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json, LoadSettings settings, CancellationToken interrupted)
    {
        MarqueeClient[] clients = [.. settings.MeasuredNodes.Select(node => NodeOption.Connect(context, node, context.QueryPatience))];
        var statuses = await Task.WhenAll(clients.Select(client => client.GetStatusAsync(interrupted)));
        if (statuses.Index().FirstOrDefault(node => !node.Item.Ready) is { Item: { } unready } waiting)
        {
            return FailureReport.Write(context, json, new FailureReport(
                "unavailable",
                $"The node at {settings.MeasuredNodes[waiting.Index]} is not ready{(unready.Activity is { Length: > 0 } activity ? $": {activity}" : ".")}",
                "Wait until 'marquee status' says that it is."));
        }

        var titles = settings.UsesNodeTitles ? await TitlesOfAsync(clients[0], interrupted) : WorldTitles.Simulated(settings.Seed, settings.Titles);
        var world = new SimulatedWorld(settings.Seed, settings.Users, titles);
        if (await PublishAsync(context, json, settings, world, interrupted) is { } failure)
        {
            return FailureReport.Write(context, json, failure);
        }

        using var http = new HttpClient(context.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var session = new LoadSession(settings, world, http, new NodeMeter(clients, context.TimeProvider), new LoadDisplay(context, json), context.TimeProvider);

        // Calls under way get half of the time for putting things in order, the report the other half.
        using var abandoned = new CancellationTokenSource();
        using var grace = interrupted.Register(() => abandoned.CancelAfter(context.InterruptGrace / 2));
        if (settings.Maximum is { } kind)
        {
            var maximum = await session.FindMaximumAsync(kind, interrupted, abandoned.Token);
            return LoadSummary.Write(context, json, maximum with { Failure = Interruption(interrupted) });
        }

        var report = await session.MeasureAsync(interrupted, abandoned.Token) with { Failure = Interruption(interrupted) };
        return LoadSummary.Write(context, json, report with { Doubts = Doubts.Of(report, ActiveSilos(statuses)) }, settings.Plan);
    }

    private static async Task<WorldTitles> TitlesOfAsync(MarqueeClient client, CancellationToken interrupted)
    {
        var titles = new List<Title>();
        await foreach (var title in client.GetTitlesAsync(cancellationToken: interrupted))
        {
            titles.Add(title);
            if (titles.Count > NodeTitlesMax)
            {
                break;
            }
        }

        return titles.Count > 0
            ? WorldTitles.Of([.. titles.DistinctBy(title => title.TitleId).Take(NodeTitlesMax)])
            : throw new CommandFailure("The node has no titles.", "Leave --node-titles out to publish simulated ones.");
    }

    private static async Task<FailureReport?> PublishAsync(CommandContext context, bool json, LoadSettings settings, SimulatedWorld world, CancellationToken interrupted)
    {
        var past = (long)(settings.PastPerUser * settings.Users);
        if (settings.IsPublished || (settings.UsesNodeTitles && past == 0))
        {
            return null;
        }

        var patient = NodeOption.Connect(context, settings.Nodes[0], context.SendPatience);
        var publisher = new WorldPublisher(patient, world, settings.Seed, !settings.UsesNodeTitles, past);
        return (await InterruptibleWork.RunAsync(context, json, stop => publisher.RunAsync(interrupted, stop), publisher.Progress, interrupted)).Failure;
    }

    private static FailureReport? Interruption(CancellationToken interrupted) =>
        interrupted.IsCancellationRequested ? FailureReport.Explain(new OperationCanceledException(interrupted)) : null;

    private static int ActiveSilos(NodeStatus[] statuses) => statuses.Max(status => status.Silos.Count(silo => silo.Status == "Active"));
}
