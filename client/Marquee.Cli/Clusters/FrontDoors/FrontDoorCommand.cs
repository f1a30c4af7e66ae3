using System.CommandLine;
using System.Globalization;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>The front door's own process; <c>marquee cluster start</c> starts it.</summary>
internal static class FrontDoorCommand
{
    private const string Name = "front-door";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The arguments that start it.</summary>
    public static string[] Arguments(ClusterFolder folder, int port) =>
        ["cluster", Name, "--folder", folder.Path, "--port", port.ToString(CultureInfo.InvariantCulture)];

    public static Command Create(CommandContext context, Option<string> folder, Option<int> port)
    {
        var command = new DescribedCommand(Name, "Spreads requests over the silos of the cluster in the folder.") { Hidden = true };
        command.Add(folder);
        command.Add(port);
        command.Does(context, (parse, cancelled) => RunAsync(new ClusterFolder(parse.GetRequiredValue(folder)), parse.GetValue(port), cancelled));
        return command;
    }

    /// <summary>Runs until it is told to end, or until the cluster's folder is gone.</summary>
    private static async Task<int> RunAsync(ClusterFolder folder, int port, CancellationToken cancelled)
    {
        await using var door = await FrontDoor.StartAsync(Processes.SiloProgram.LoopbackUrl(port), NodesOf(folder) ?? []);
        Uri[]? known = null;
        while (!cancelled.IsCancellationRequested && NodesOf(folder) is { } nodes)
        {
            if (known is null || !known.SequenceEqual(nodes))
            {
                door.Set(known = nodes);
            }

            await Task.Delay(Interval, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Success;
    }

    private static Uri[]? NodesOf(ClusterFolder folder) => folder.Read() is { } state
        ? [.. state.Silos.Where(silo => silo.Serves).Select(silo => silo.Url)]
        : null;
}
