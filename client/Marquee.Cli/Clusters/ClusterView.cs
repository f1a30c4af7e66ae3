using System.Globalization;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;
using Marquee.Cli.Nodes;
using Marquee.Client;
using Marquee.Client.Operations;
using Spectre.Console;

namespace Marquee.Cli.Clusters;

/// <summary>What <c>marquee cluster status</c> shows.</summary>
/// <param name="Running">Whether anything of the cluster runs.</param>
/// <param name="Cluster">The cluster's name; null when there is none.</param>
/// <param name="FrontDoor">Where requests go.</param>
/// <param name="Store">The store.</param>
/// <param name="Silos">The silos, those that were killed too.</param>
internal sealed record ClusterView(bool Running, string? Cluster, FrontDoorView? FrontDoor, StoreView? Store, IReadOnlyList<SiloView> Silos)
{
    /// <summary>Looks at the cluster and shows it; the exit code says whether all of it is well.</summary>
    public static async Task<int> WriteAsync(CommandContext context, bool json, ClusterFolder folder, CancellationToken cancelled)
    {
        var view = await LookAsync(context, folder, cancelled);
        if (json)
        {
            JsonOutput.Write(context, view, CliJson.Default.ClusterView);
        }
        else
        {
            view.Show(context, folder);
        }

        return view.Running && view.FrontDoor is { State: "running" } && view.Silos.All(silo => silo.Ready) ? ExitCode.Success : ExitCode.Findings;
    }

    private static async Task<ClusterView> LookAsync(CommandContext context, ClusterFolder folder, CancellationToken cancelled)
    {
        if (folder.Read() is not { } state)
        {
            return new ClusterView(false, null, null, null, []);
        }

        var ready = await Task.WhenAll(state.Silos.Select(silo => silo.Process.State == ProcessState.Running ? Readiness.IsReadyAsync(silo.Url, cancelled) : Task.FromResult(false)));
        var statuses = await Task.WhenAll(state.Silos.Select((silo, i) => ready[i] ? StatusOfAsync(context, silo.Url, cancelled) : Task.FromResult<NodeStatus?>(null)));
        var partitions = statuses.FirstOrDefault(status => status is not null)?.Partitions ?? [];
        return new ClusterView(
            state.IsRunning,
            state.Cluster,
            state.FrontDoor is { } door ? new FrontDoorView(door.Url, door.Process.Id, Name(door.Process.State)) : null,
            state.Store is { } store ? new StoreView(store.Kind, store.Port, new DevelopmentStore(folder).IsRunning(store) ? "running" : "gone") : null,
            [.. state.Silos.Select((silo, i) => new SiloView(
                silo.Number,
                silo.Url,
                silo.Process.Id,
                Name(silo.Process.State),
                ready[i],
                statuses[i]?.Node,
                statuses[i]?.Node is { } node ? partitions.Count(partition => partition.Silo == node) : null,
                silo.Log))]);
    }

    private static async Task<NodeStatus?> StatusOfAsync(CommandContext context, Uri url, CancellationToken cancelled)
    {
        try
        {
            return await NodeOption.Connect(context, url, context.QueryPatience).GetStatusAsync(cancelled);
        }
        catch (Exception exception) when (exception is MarqueeUnavailableException or MarqueeProblemException)
        {
            return null;
        }
    }

    private void Show(CommandContext context, ClusterFolder folder)
    {
        if (Silos.Count == 0)
        {
            context.Output.WriteLine(Cluster is null ? $"There is no cluster in {folder.Path}." : $"The cluster in {folder.Path} is stopped; 'marquee cluster start' goes on with its data.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("", "address", "process", "state", "ready", "partitions");
        foreach (var silo in Silos)
        {
            table.AddRow($"silo {silo.Number}", silo.Url.GetLeftPart(UriPartial.Authority), Text(silo.Process), silo.State, silo.Ready ? "yes" : "no", silo.Partitions is { } count ? Text(count) : "");
        }

        if (Store is { } store)
        {
            table.AddRow(store.Kind, $"127.0.0.1:{Text(store.Port)}", "", store.State, "", "");
        }

        if (FrontDoor is { } door)
        {
            table.AddRow("front door", door.Url.GetLeftPart(UriPartial.Authority), Text(door.Process), door.State, "", "");
        }

        context.OutputConsole().Write(table);
        context.Output.WriteLine($"Logs and data are in {folder.Path}. End it with 'marquee cluster stop'.");
    }

    private static string Name(ProcessState state) => state switch { ProcessState.Running => "running", ProcessState.Paused => "paused", _ => "gone" };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One silo.</summary>
/// <param name="Number">As 'kill', 'pause' and 'resume' take it.</param>
/// <param name="Url">Where it takes requests.</param>
/// <param name="Process">Its process's number.</param>
/// <param name="State"><c>running</c>, <c>paused</c> or <c>gone</c>.</param>
/// <param name="Ready">Whether it says that it is ready.</param>
/// <param name="Node">Its address in the cluster; null when it does not answer.</param>
/// <param name="Partitions">How many partitions it runs; null when it does not answer.</param>
/// <param name="Log">The file with what it printed.</param>
internal sealed record SiloView(int Number, Uri Url, int Process, string State, bool Ready, string? Node, int? Partitions, string Log);

/// <summary>The front door.</summary>
/// <param name="Url">Where it takes requests.</param>
/// <param name="Process">Its process's number.</param>
/// <param name="State"><c>running</c>, <c>paused</c> or <c>gone</c>.</param>
internal sealed record FrontDoorView(Uri Url, int Process, string State);

/// <summary>The store.</summary>
/// <param name="Kind"><c>postgres</c> or <c>azure</c>.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="State"><c>running</c> or <c>gone</c>.</param>
internal sealed record StoreView(string Kind, int Port, string State);
