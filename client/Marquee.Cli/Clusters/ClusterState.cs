using System.Text.Json.Serialization;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Clusters;

/// <summary>What a development cluster consists of, as the file in its folder has it. Holds no password.</summary>
/// <param name="Cluster">The cluster's name, drawn once for the folder.</param>
/// <param name="Storage"><c>postgres</c> or <c>azure</c>.</param>
/// <param name="Assembly">The silo's program.</param>
/// <param name="Options">Further options of each silo.</param>
internal sealed record ClusterState(string Cluster, string Storage, string Assembly, IReadOnlyList<string> Options)
{
    /// <summary>The store; null while the cluster is stopped.</summary>
    public StoreState? Store { get; init; }

    /// <summary>The silos, those that were killed too; none while the cluster is stopped.</summary>
    public IReadOnlyList<SiloState> Silos { get; init; } = [];

    /// <summary>The front door; null while the cluster is stopped.</summary>
    public FrontDoorState? FrontDoor { get; init; }

    /// <summary>Whether a process of the cluster lives.</summary>
    [JsonIgnore]
    public bool IsRunning => FrontDoor?.Process.IsAlive == true || Silos.Any(silo => silo.Process.IsAlive);

    /// <summary>The cluster with a silo's entry renewed or added.</summary>
    public ClusterState With(SiloState silo) => this with { Silos = [.. Silos.Where(other => other.Number != silo.Number).Append(silo).OrderBy(other => other.Number)] };
}

/// <summary>The store's server.</summary>
/// <param name="Kind"><c>postgres</c> or <c>azure</c>.</param>
/// <param name="Port">Where it listens; for Azure, blobs.</param>
/// <param name="TablePort">For Azure, tables.</param>
/// <param name="Process">Azurite's process; PostgreSQL keeps track of its own.</param>
internal sealed record StoreState(string Kind, int Port, int? TablePort, ProcessIdentity? Process);

/// <summary>One silo.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Url">Where it takes requests.</param>
/// <param name="Log">The file with what it printed.</param>
/// <param name="Process">Its process.</param>
/// <param name="Serves">Whether it has been ready: the front door leaves out those that never were.</param>
internal sealed record SiloState(int Number, Uri Url, string Log, ProcessIdentity Process, bool Serves);

/// <summary>The front door.</summary>
/// <param name="Url">Where it takes requests.</param>
/// <param name="Log">The file with what it printed.</param>
/// <param name="Process">Its process.</param>
internal sealed record FrontDoorState(Uri Url, string Log, ProcessIdentity Process);
