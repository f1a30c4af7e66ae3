using System.CommandLine;
using Marquee.Cli.Clusters.FrontDoors;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;

namespace Marquee.Cli.Clusters;

/// <summary><c>marquee cluster</c>: a cluster on this machine for development, with real processes and a real store.</summary>
internal static class ClusterCommand
{
    private const int MostSilos = 16;

    public static Command Create(CommandContext context)
    {
        var folder = new Option<string>("--folder") { Description = "The folder that holds the cluster: state, logs, data.", HelpName = "dir", DefaultValueFactory = _ => ".marquee-cluster" };
        var number = new Argument<int>("silo") { Description = "The silo's number, as 'status' shows it." };
        var port = new Option<int>("--port") { Description = "The front door's port, 0 for a free one.", DefaultValueFactory = _ => 8080 };
        port.Validators.Add(result => Check(result, 0, 65_535));
        return new DescribedCommand("cluster", "Runs a cluster on this machine for development: silos, store and a front door.")
        {
            Start(context, folder, port),
            Status(context, folder),
            Add(context, folder),
            Signalling(context, folder, number, "kill", "Kills one silo as kill -9 does.", Processes.Signal.Kill, "killed"),
            Signalling(context, folder, number, "pause", "Freezes one silo (SIGSTOP).", Processes.Signal.Stop, "paused"),
            Signalling(context, folder, number, "resume", "Lets a frozen silo go on (SIGCONT).", Processes.Signal.Continue, "resumed"),
            Stop(context, folder),
            FrontDoorCommand.Create(context, folder, port),
        };
    }

    private static DescribedCommand Start(CommandContext context, Option<string> folder, Option<int> port)
    {
        var silos = new Option<int>("--silos") { Description = $"How many silos, 1 to {MostSilos}.", DefaultValueFactory = _ => 3 };
        silos.Validators.Add(result => Check(result, 1, MostSilos));
        var storage = new Option<string>("--storage") { Description = "The store, which is started too.", DefaultValueFactory = _ => DevelopmentStore.Kinds[0] };
        storage.AcceptOnlyFromAmong(DevelopmentStore.Kinds);
        var silo = new Option<string?>("--silo") { Description = "The silo's program, marquee-silo.dll; that of this clone when left out.", HelpName = "path" };
        var options = new Argument<string[]>("options") { Description = "Further options of each silo, behind --.", Arity = ArgumentArity.ZeroOrMore };
        var command = new DescribedCommand("start", "Starts the store, the silos and the front door; returns when all are ready, and leaves them running.")
        {
            Notes = ["The store is a private server in the folder. A cluster that was stopped goes on with its data. The silos trust whoever reaches their ports, which are of the loopback address."],
            Examples =
            [
                "marquee cluster start",
                "marquee cluster start --silos 2 --port 0 --folder /tmp/mine -- --Marquee:Sample=none",
                "marquee cluster kill 2 && marquee cluster status && marquee cluster add",
            ],
        };
        foreach (var option in (Option[])[folder, silos, storage, port, silo])
        {
            command.Add(option);
        }

        command.Add(options);
        command.Does(context, async (parse, cancelled) =>
        {
            var place = new ClusterFolder(parse.GetRequiredValue(folder));
            var json = parse.GetValue(MarqueeCommand.Json);
            var assembly = SiloProgram.Find(parse.GetValue(silo));
            using var held = place.Make();
            await On(context, json, place).StartAsync(parse.GetValue(silos), parse.GetRequiredValue(storage), parse.GetValue(port), assembly, parse.GetValue(options) ?? [], cancelled);
            return await ClusterView.WriteAsync(context, json, place, cancelled);
        });
        return command;
    }

    private static DescribedCommand Status(CommandContext context, Option<string> folder)
    {
        var command = new DescribedCommand("status", "Shows the silos, the front door and the store.") { Examples = ["marquee cluster status --json | jq '.silos[]'"] };
        command.Add(folder);
        command.Does(context, (parse, cancelled) =>
            ClusterView.WriteAsync(context, parse.GetValue(MarqueeCommand.Json), new ClusterFolder(parse.GetRequiredValue(folder)), cancelled));
        return command;
    }

    private static DescribedCommand Add(CommandContext context, Option<string> folder)
    {
        var command = new DescribedCommand("add", "Starts one more silo; returns when it is ready.");
        command.Add(folder);
        command.Does(context, async (parse, cancelled) =>
        {
            var place = new ClusterFolder(parse.GetRequiredValue(folder));
            var json = parse.GetValue(MarqueeCommand.Json);
            using var held = place.Lock();
            await On(context, json, place).AddAsync(cancelled);
            return await ClusterView.WriteAsync(context, json, place, cancelled);
        });
        return command;
    }

    private static DescribedCommand Signalling(
        CommandContext context, Option<string> folder, Argument<int> number, string name, string description, Processes.Signal signal, string done)
    {
        var command = new DescribedCommand(name, description);
        command.Add(number);
        command.Add(folder);
        command.Does(context, async (parse, cancelled) =>
        {
            var place = new ClusterFolder(parse.GetRequiredValue(folder));
            var json = parse.GetValue(MarqueeCommand.Json);
            using var held = place.Lock();
            var silo = await On(context, json, place).SignalAsync(parse.GetValue(number), signal);
            if (json)
            {
                return await ClusterView.WriteAsync(context, json, place, cancelled);
            }

            context.Output.WriteLine($"Silo {silo.Number} (process {silo.Process.Id}) is {done}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static DescribedCommand Stop(CommandContext context, Option<string> folder)
    {
        var delete = new Option<bool>("--delete") { Description = "Delete the folder too, with the cluster's data and logs." };
        var command = new DescribedCommand("stop", "Ends the silos in order, the front door and the store.") { Notes = ["The data stays in the folder for the next start, unless --delete is given."] };
        command.Add(folder);
        command.Add(delete);
        command.Does(context, async (parse, _) =>
        {
            var place = new ClusterFolder(parse.GetRequiredValue(folder));
            var json = parse.GetValue(MarqueeCommand.Json);
            if (place.Read() is null)
            {
                throw new CommandFailure($"There is no cluster in {place.Path}.", "Name another folder with --folder.");
            }

            bool ran;
            using (place.Lock())
            {
                ran = await On(context, json, place).StopAsync();
            }

            if (parse.GetValue(delete))
            {
                place.Delete();
            }

            var report = new StopReport(ran, parse.GetValue(delete));
            if (json)
            {
                JsonOutput.Write(context, report, CliJson.Default.StopReport);
            }
            else
            {
                context.Output.WriteLine(ran ? "The cluster is stopped." : $"No cluster ran in {place.Path}.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static DevelopmentCluster On(CommandContext context, bool json, ClusterFolder folder)
    {
        Action<string> say = json ? _ => { } : context.Error.WriteLine;
        return new DevelopmentCluster(folder, say);
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, int least, int most)
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError($"{result.Option.Name} takes a whole number from {least} to {most}, not {value}.");
        }
    }
}

/// <summary>The document of <c>marquee cluster stop --json</c>.</summary>
/// <param name="Stopped">Whether a cluster ran.</param>
/// <param name="Deleted">Whether its folder was deleted.</param>
internal sealed record StopReport(bool Stopped, bool Deleted);
