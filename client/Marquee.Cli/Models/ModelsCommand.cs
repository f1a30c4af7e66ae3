using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Nodes;
using Marquee.Client;
using Marquee.Client.Models;

namespace Marquee.Cli.Models;

/// <summary><c>marquee models</c>: lists, publishes and rolls back the ranking model of a running node.</summary>
internal static class ModelsCommand
{
    /// <summary>A comparison lives through the node's whole history.</summary>
    private static readonly TimeSpan PublishPatience = TimeSpan.FromMinutes(10);

    public static Command Create(CommandContext context) =>
        new DescribedCommand("models", "The ranking model's versions on a node: list, publish, roll back.") { List(context), Publish(context), RollBack(context) };

    private static DescribedCommand List(CommandContext context)
    {
        var url = NodeOption.Create();
        var command = new DescribedCommand("list", "Lists the kept versions, newest first.") { Examples = ["marquee models list", "marquee models list --json | jq .current"] };
        command.Add(url);
        command.Does(context, async (parse, cancellationToken) =>
        {
            var versions = await NodeOption.Connect(context, parse.GetRequiredValue(url), context.QueryPatience).GetModelsAsync(cancellationToken);
            if (parse.GetValue(MarqueeCommand.Json))
            {
                JsonOutput.Write(context, versions, MarqueeJson.Default.ModelVersions);
            }
            else
            {
                context.OutputConsole().Write(ModelsTable.Of(versions));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static DescribedCommand Publish(CommandContext context)
    {
        var file = new Argument<FileInfo>("file") { Description = "A model file, as 'marquee train' writes it." };
        file.AcceptExistingOnly();
        var force = new Option<bool>("--force") { Description = "Publish it even if it ranks the last day worse than the current model." };
        var url = NodeOption.Create();
        var command = new DescribedCommand("publish", "Makes every node rank with a model, unless it is worse than the current one.")
        {
            Notes = ["The node compares both models on the last day of its own stream first; that takes from seconds to minutes."],
            Examples = ["marquee models publish sample.model", "marquee models publish sample.model --force"],
        };
        command.Add(file);
        command.Add(force);
        command.Add(url);
        command.Does(context, async (parse, cancellationToken) =>
        {
            var address = parse.GetRequiredValue(url);
            var model = await File.ReadAllBytesAsync(parse.GetRequiredValue(file).FullName, cancellationToken);
            await NodeOption.ProbeAsync(context, address, cancellationToken);
            var client = NodeOption.Connect(context, address, PublishPatience, attemptTimeout: PublishPatience);
            Write(context, parse.GetValue(MarqueeCommand.Json), await client.PublishModelAsync(model, parse.GetValue(force), cancellationToken));
            return ExitCode.Success;
        });
        return command;
    }

    private static DescribedCommand RollBack(CommandContext context)
    {
        var version = new Argument<string?>("version")
        {
            Description = "A kept version, or 'untrained'; the one that ranked before the current one when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var url = NodeOption.Create();
        var command = new DescribedCommand("rollback", "Makes every node rank with an earlier version again.") { Examples = ["marquee models rollback", "marquee models rollback untrained"] };
        command.Add(version);
        command.Add(url);
        command.Does(context, async (parse, cancellationToken) =>
        {
            var client = NodeOption.Connect(context, parse.GetRequiredValue(url), context.SendPatience);
            Write(context, parse.GetValue(MarqueeCommand.Json), await client.RollBackModelAsync(parse.GetValue(version), cancellationToken));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(CommandContext context, bool json, ModelChange change)
    {
        if (json)
        {
            JsonOutput.Write(context, change, MarqueeJson.Default.ModelChange);
            return;
        }

        context.Output.WriteLine($"The node ranks with model {change.Current}.");
        if (change.Version?.Trial is { } trial)
        {
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"When it was published: NDCG@10 {trial.Ndcg10:.0000} against {trial.ReplacedNdcg10:.0000} of {trial.Replaced}, Recall@10 {trial.Recall10:.0000} against {trial.ReplacedRecall10:.0000}, over {trial.Lists:N0} lists of the last day{(trial.HasSeenPeriod ? ", on which it was trained" : "")}."));
        }
    }
}
