using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>A silo as a row of Orleans' own Azure table: text in every column.</summary>
internal static class MembershipRow
{
    /// <summary>The row that holds the table's version.</summary>
    public const string VersionKey = "VersionRow";

    public const string MembershipVersion = "MembershipVersion";

    private const string DeploymentId = "DeploymentId";
    private const string Address = "Address";
    private const string Port = "Port";
    private const string Generation = "Generation";
    private const string HostName = "HostName";
    private const string Status = "Status";
    private const string ProxyPort = "ProxyPort";
    private const string RoleName = "RoleName";
    private const string SiloName = "SiloName";
    private const string InstanceName = "InstanceName";
    private const string UpdateZone = "UpdateZone";
    private const string FaultZone = "FaultZone";
    private const string SuspectingSilos = "SuspectingSilos";
    private const string SuspectingTimes = "SuspectingTimes";
    private const string StartTime = "StartTime";
    private const string IAmAliveTime = "IAmAliveTime";
    private const char ListSeparator = '|';

    public static string KeyOf(SiloAddress silo) => string.Create(CultureInfo.InvariantCulture, $"{silo.Endpoint.Address}-{silo.Endpoint.Port}-{silo.Generation}");

    public static TableEntity Version(string clusterId, int version) => new(clusterId, VersionKey)
    {
        [DeploymentId] = clusterId,
        [MembershipVersion] = Text(version),
    };

    public static TableEntity Of(string clusterId, MembershipEntry entry)
    {
        var suspicions = entry.SuspectTimes ?? [];
        return new TableEntity(clusterId, KeyOf(entry.SiloAddress))
        {
            [DeploymentId] = clusterId,
            [Address] = entry.SiloAddress.Endpoint.Address.ToString(),
            [Port] = Text(entry.SiloAddress.Endpoint.Port),
            [Generation] = Text(entry.SiloAddress.Generation),
            [HostName] = entry.HostName,
            [Status] = entry.Status.ToString(),
            [ProxyPort] = Text(entry.ProxyPort),
            [RoleName] = entry.RoleName,
            [SiloName] = entry.SiloName,

            // Read by the official provider of old.
            [InstanceName] = entry.SiloName,
            [UpdateZone] = Text(entry.UpdateZone),
            [FaultZone] = Text(entry.FaultZone),
            [StartTime] = LogFormatter.PrintDate(entry.StartTime),
            [IAmAliveTime] = LogFormatter.PrintDate(entry.IAmAliveTime),
            [SuspectingSilos] = string.Join(ListSeparator, suspicions.Select(suspicion => suspicion.Item1.ToParsableString())),
            [SuspectingTimes] = string.Join(ListSeparator, suspicions.Select(suspicion => LogFormatter.PrintDate(suspicion.Item2))),
        };
    }

    /// <summary>What changes with a sign of life, to be merged into the row.</summary>
    public static TableEntity SignOfLife(string clusterId, MembershipEntry entry) => new(clusterId, KeyOf(entry.SiloAddress))
    {
        [IAmAliveTime] = LogFormatter.PrintDate(entry.IAmAliveTime),
    };

    /// <exception cref="StoreDamagedException">The row is none of a silo.</exception>
    public static MembershipEntry Read(TableEntity row, string place)
    {
        try
        {
            var entry = new MembershipEntry
            {
                SiloAddress = SiloAddress.New(IPAddress.Parse(row.GetString(Address)), Number(row.GetString(Port)), Number(row.GetString(Generation))),
                Status = Enum.Parse<SiloStatus>(row.GetString(Status)),
                HostName = row.GetString(HostName),
                ProxyPort = Number(row.GetString(ProxyPort)),
                RoleName = row.GetString(RoleName),
                SiloName = row.GetString(SiloName) ?? row.GetString(InstanceName),
                UpdateZone = Number(row.GetString(UpdateZone)),
                FaultZone = Number(row.GetString(FaultZone)),
                StartTime = Time(row.GetString(StartTime)),
                IAmAliveTime = Time(row.GetString(IAmAliveTime)),
                SuspectTimes = [],
            };
            foreach (var (silo, time) in List(row.GetString(SuspectingSilos)).Zip(List(row.GetString(SuspectingTimes))))
            {
                entry.AddSuspector(SiloAddress.FromParsableString(silo), Time(time));
            }

            return entry;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new StoreDamagedException(
                $"{place}, table {AzureStorageOptions.MembershipTable}, row {row.PartitionKey}/{row.RowKey}", "a silo", exception.Message, "Delete the row while its silo does not run.");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string? text) => string.IsNullOrEmpty(text) ? 0 : int.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime Time(string? text) => string.IsNullOrEmpty(text) ? default : LogFormatter.ParseDate(text);

    private static string[] List(string? text) => string.IsNullOrEmpty(text) ? [] : text.Split(ListSeparator);
}
