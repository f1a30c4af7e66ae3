using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Marquee.Engine.Recommendations;
using Marquee.Storage.Azure;
using Marquee.Storage.Postgres;
using Marquee.Storage.Redis;

namespace Marquee.Silo;

/// <summary>The node's options: section <c>Marquee</c> of command line, environment and appsettings.</summary>
public sealed partial class SiloOptions
{
    private const string AllOptions =
        "Data, Sample, Storage, Connection, Membership, Redis, Cluster, Advertise, SiloPort, Tenant, Partitions, CheckpointEvents, CheckpointSeconds, DrainSeconds, UnknownTitles, Training and ExploreShare";

    private static readonly string[] Storages = ["sqlite", "postgres", "azure"];
    private static readonly string[] Memberships = ["azure", "postgres", "redis"];
    private static readonly string[] Samples = ["movietweetings", "none"];

    /// <summary>The directory that holds everything durable of the store <c>sqlite</c>. Default <c>data</c> under the current directory.</summary>
    public string Data { get; set; } = "data";

    /// <summary>The sample to load at first start: <c>movietweetings</c> (default) or <c>none</c>.</summary>
    public string Sample { get; set; } = "movietweetings";

    /// <summary>The store: <c>sqlite</c> (default), in the data directory, for one node; <c>postgres</c> or <c>azure</c>, for one node or many.</summary>
    public string Storage { get; set; } = "sqlite";

    /// <summary>The connection string of the store; for <c>postgres</c> and <c>azure</c>. Never shown.</summary>
    public string Connection { get; set; } = string.Empty;

    /// <summary>Where the nodes of a cluster find each other: in the store, by its name (default); or <c>redis</c>.</summary>
    public string Membership { get; set; } = string.Empty;

    /// <summary>The connection string of Redis; for <c>--Marquee:Membership=redis</c>. Never shown.</summary>
    public string Redis { get; set; } = string.Empty;

    /// <summary>Nodes of one name are one cluster. Default <c>marquee</c>.</summary>
    public string Cluster { get; set; } = "marquee";

    /// <summary>The IP address under which the other nodes reach this one; it listens for them there only. Default <c>127.0.0.1</c>.</summary>
    public string Advertise { get; set; } = "127.0.0.1";

    /// <summary>The port on which it listens for other nodes, 0 (default) for a free one.</summary>
    public int SiloPort { get; set; }

    /// <summary>The tenant; scopes every key. Default <c>default</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>How many event partitions the store gets at its first start, 1 to 1,024. Default 64; a later start with another number is refused.</summary>
    public int Partitions { get; set; } = 64;

    /// <summary>How many events a partition may have to replay after a crash before it takes a checkpoint. Default 32,768.</summary>
    public int CheckpointEvents { get; set; } = 32_768;

    /// <summary>Seconds after which a partition takes a checkpoint at the latest. Default 600.</summary>
    public int CheckpointSeconds { get; set; } = 600;

    /// <summary>Seconds that a node of a cluster serves on after SIGTERM, no longer ready, so that load balancers notice. Default 5; 0 stops at once.</summary>
    public int DrainSeconds { get; set; } = 5;

    /// <summary>How many titles may be known by their events only, before events of further ones are refused. Default 100,000.</summary>
    public int UnknownTitles { get; set; } = 100_000;

    /// <summary>Train the model in the background when enough has happened: <c>true</c> (default) or <c>false</c>.</summary>
    public bool Training { get; set; } = true;

    /// <summary>Share of the slots of top picks that go to titles of which little is known, 0 (none) to 0.2. Default 0.05.</summary>
    public double ExploreShare { get; set; } = 0.05;

    /// <summary>Whether the store is one for a single node.</summary>
    public bool IsEmbedded => Storage == "sqlite";

    /// <summary>Reads and checks the options.</summary>
    /// <exception cref="SiloOptionsException">Lists every mistake.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Marquee");
        var options = new SiloOptions();
        var mistakes = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            options.Set(setting.Key, setting.Value ?? string.Empty, mistakes);
        }

        options.CheckTogether(section, mistakes);
        return mistakes.Count == 0 ? options : throw new SiloOptionsException(mistakes);
    }

    private void Set(string name, string value, List<string> mistakes)
    {
        switch (name.ToUpperInvariant())
        {
            case "DATA":
                Data = value;
                Check(value.Length > 0, name, value, "the path of a directory");
                break;
            case "SAMPLE":
                Sample = value;
                Check(Samples.Contains(value), name, value, string.Join(" or ", Samples));
                break;
            case "STORAGE":
                Storage = value;
                Check(Storages.Contains(value), name, value, string.Join(" or ", Storages));
                break;
            case "CONNECTION":
                Connection = value;
                break;
            case "MEMBERSHIP":
                Membership = value;
                Check(Memberships.Contains(value), name, value, string.Join(" or ", Memberships));
                break;
            case "REDIS":
                Redis = value;
                break;
            case "CLUSTER":
                Cluster = value;
                Check(TenantPattern().IsMatch(value), name, value, "1 to 64 letters, digits or . _ ~ -");
                break;
            case "ADVERTISE":
                Advertise = value;
                Check(
                    IPAddress.TryParse(value, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any),
                    name,
                    value,
                    "an IP address of this machine that the other nodes reach, for example 10.0.0.5");
                break;
            case "SILOPORT":
                SiloPort = Number(0, 65_535);
                break;
            case "TENANT":
                Tenant = value;

                // Names of blobs are parts of addresses, which swallow segments of dots.
                Check(TenantPattern().IsMatch(value) && value is not ("." or ".."), name, value, "1 to 64 letters, digits or . _ ~ -, and not . or ..");
                break;
            case "PARTITIONS":
                Partitions = Number(1, 1_024);
                break;
            case "CHECKPOINTEVENTS":
                CheckpointEvents = Number(1, 10_000_000);
                break;
            case "CHECKPOINTSECONDS":
                CheckpointSeconds = Number(1, 86_400);
                break;
            case "DRAINSECONDS":
                DrainSeconds = Number(0, 20);
                break;
            case "UNKNOWNTITLES":
                UnknownTitles = Number(0, 10_000_000);
                break;
            case "TRAINING":
                Check(bool.TryParse(value, out var training), name, value, "true or false");
                Training = training;
                break;
            case "EXPLORESHARE":
                Check(
                    double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= Exploration.MostShare,
                    name, value, $"a number from 0 to {Exploration.MostShare}");
                ExploreShare = share;
                break;
            default:
                mistakes.Add($"--Marquee:{name} is not an option. The options are {AllOptions}.");
                break;
        }

        int Number(int least, int most)
        {
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            Check(isNumber && number >= least && number <= most, name, value, $"a whole number from {least} to {most}");
            return number;
        }

        void Check(bool holds, string option, string given, string wanted)
        {
            if (!holds)
            {
                mistakes.Add($"--Marquee:{option} is '{given}'; it must be {wanted}.");
            }
        }
    }

    /// <summary>What holds between options. The connection strings are not quoted: they hold passwords.</summary>
    private void CheckTogether(IConfigurationSection section, List<string> mistakes)
    {
        switch (Storage)
        {
            case "postgres":
                AddMistakes(new PostgresStorageOptions { ConnectionString = Connection, PartitionCount = Partitions }.Validate());
                break;
            case "azure":
                AddMistakes(new AzureStorageOptions { ConnectionString = Connection, PartitionCount = Partitions }.Validate());
                break;
            case "sqlite":
                foreach (var option in (string[])["Connection", "Membership", "Redis", "Cluster", "Advertise", "SiloPort"])
                {
                    if (section[option] is not null)
                    {
                        mistakes.Add($"--Marquee:{option} is for clusters, and the store sqlite is for one node. Choose --Marquee:Storage=postgres or azure as well, or leave --Marquee:{option} out.");
                    }
                }

                return;
            default:
                return;
        }

        if (Membership.Length == 0)
        {
            Membership = Storage;
        }

        if (Membership == "redis" && RedisMembership.Mistake(Redis) is { } mistake)
        {
            mistakes.Add($"--Marquee:Redis: {mistake}");
        }
        else if (Membership != "redis" && Membership != Storage && Memberships.Contains(Membership))
        {
            mistakes.Add($"--Marquee:Membership={Membership} keeps the list of nodes in a store that --Marquee:Storage={Storage} does not use. Choose {Storage} or redis, or leave --Marquee:Membership out.");
        }

        void AddMistakes(IEnumerable<string> ofConnection) => mistakes.AddRange(ofConnection.Select(text => $"--Marquee:Connection: {text}"));
    }

    [GeneratedRegex(@"^[A-Za-z0-9._~-]{1,64}$")]
    private static partial Regex TenantPattern();
}

/// <summary>The options are wrong; says every mistake at once.</summary>
/// <param name="mistakes">One sentence each.</param>
public sealed class SiloOptionsException(IReadOnlyList<string> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
}
