using System.Globalization;
using Marquee.Storage.Events;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using static Marquee.Storage.Postgres.PostgresCommands;

namespace Marquee.Storage.Postgres;

/// <summary>Who is in the cluster, in tables of PostgreSQL: Orleans' extended membership protocol.</summary>
/// <remarks>
/// Each change of a row raises the table's version in the same statement, on condition that it is the one that the silo has
/// read: all silos see the same sequence of changes. A row's ETag is the version that wrote it. The sign of life is no change.
/// </remarks>
public sealed class PostgresMembershipTable(PostgresDatabase database, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private const char SuspectSeparator = '|';
    private const string SuspectTimeFormat = "O";

    private readonly string _clusterId = cluster.Value.ClusterId;

    /// <inheritdoc/>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) => RunAsync(
        cancellationToken,
        "initialise the membership table",
        $"INSERT INTO {database.Schema}.membership_version VALUES ($1, 0) ON CONFLICT (cluster_id) DO NOTHING",
        Text(_clusterId));

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => RunAsync(
        cancellationToken,
        "delete the membership table",
        $"""
        WITH silos AS (DELETE FROM {database.Schema}.membership WHERE cluster_id = $1)
        DELETE FROM {database.Schema}.membership_version WHERE cluster_id = $1
        """,
        Text(clusterId));

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => RunAsync(
        cancellationToken,
        "clean the membership table up",
        $"DELETE FROM {database.Schema}.membership WHERE cluster_id = $1 AND status = $2 AND alive_time < $3",
        Text(_clusterId),
        Integer((int)SiloStatus.Dead),
        Timestamp(beforeDate.UtcDateTime));

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) => ReadAsync(key.ToParsableString(), cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(silo: null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => ChangeAsync(
        cancellationToken,
        "add a silo to the membership table",
        $"""
        WITH turn AS (
            UPDATE {database.Schema}.membership_version SET version = $3 WHERE cluster_id = $1 AND version = $4
            AND NOT EXISTS (SELECT FROM {database.Schema}.membership WHERE cluster_id = $1 AND silo = $2)
            RETURNING version)
        INSERT INTO {database.Schema}.membership (cluster_id, silo, etag, status, silo_name, host_name, proxy_port, suspect_times, start_time, alive_time)
        SELECT $1, $2, turn.version, $5, $6, $7, $8, $9, $10, $11 FROM turn
        """,
        [.. Key(entry, tableVersion), .. Values(entry)]);

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) => ChangeAsync(
        cancellationToken,
        "change a silo in the membership table",
        $"""
        WITH turn AS (
            UPDATE {database.Schema}.membership_version SET version = $3 WHERE cluster_id = $1 AND version = $4
            AND EXISTS (SELECT FROM {database.Schema}.membership WHERE cluster_id = $1 AND silo = $2 AND etag = $12)
            RETURNING version)
        UPDATE {database.Schema}.membership SET etag = turn.version, status = $5, silo_name = $6, host_name = $7, proxy_port = $8,
            suspect_times = $9, start_time = $10, alive_time = $11
        FROM turn WHERE cluster_id = $1 AND silo = $2
        """,
        [.. Key(entry, tableVersion), .. Values(entry), Integer(Number(etag))]);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => RunAsync(
        cancellationToken,
        "write a sign of life",
        $"UPDATE {database.Schema}.membership SET alive_time = $3 WHERE cluster_id = $1 AND silo = $2",
        Text(_clusterId),
        Text(entry.SiloAddress.ToParsableString()),
        Timestamp(entry.IAmAliveTime));

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>One silo or all, beside the table's version: both are of one snapshot.</summary>
    private async Task<MembershipTableData> ReadAsync(string? silo, CancellationToken cancellationToken)
    {
        var sql =
            $"""
            SELECT v.version, m.silo, m.etag, m.status, m.silo_name, m.host_name, m.proxy_port, m.suspect_times, m.start_time, m.alive_time
            FROM {database.Schema}.membership_version v
            LEFT JOIN {database.Schema}.membership m ON m.cluster_id = v.cluster_id {(silo is null ? "" : "AND m.silo = $2")}
            WHERE v.cluster_id = $1
            """;
        NpgsqlParameter[] parameters = silo is null ? [Text(_clusterId)] : [Text(_clusterId), Text(silo)];
        return await WithCommandAsync(cancellationToken, "read the membership table", sql, parameters, async command =>
        {
            var version = 0;
            var entries = new List<Tuple<MembershipEntry, string>>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    version = reader.GetInt32(0);
                    if (!await reader.IsDBNullAsync(1, cancellationToken).ConfigureAwait(false))
                    {
                        entries.Add(Tuple.Create(Entry(reader), ETag(reader.GetInt32(2))));
                    }
                }
            }

            return new MembershipTableData(entries, new TableVersion(version, ETag(version)));
        }).ConfigureAwait(false);

        static string ETag(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<bool> ChangeAsync(CancellationToken cancellationToken, string action, string sql, NpgsqlParameter[] parameters) =>
        await WithCommandAsync(cancellationToken, action, sql, parameters, command => command.ExecuteNonQueryAsync(cancellationToken)).ConfigureAwait(false) == 1;

    private Task RunAsync(CancellationToken cancellationToken, string action, string sql, params NpgsqlParameter[] parameters) =>
        WithCommandAsync(cancellationToken, action, sql, parameters, command => command.ExecuteNonQueryAsync(cancellationToken));

    private async Task<T> WithCommandAsync<T>(CancellationToken cancellationToken, string action, string sql, NpgsqlParameter[] parameters, Func<NpgsqlCommand, Task<T>> run)
    {
        var connection = await database.ConnectForMembershipAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var command = Command(connection, sql, parameters);
                await using (command.ConfigureAwait(false))
                {
                    return await run(command).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (PostgresFailure.IsExpected(exception))
            {
                throw PostgresFailure.ToStoreException(database.Place, action, exception);
            }
        }
    }

    /// <summary>$1 to $4: which row, the version that the change makes, and the one that it was read at.</summary>
    private NpgsqlParameter[] Key(MembershipEntry entry, TableVersion version) =>
        [Text(_clusterId), Text(entry.SiloAddress.ToParsableString()), Integer(version.Version), Integer(Number(version.VersionEtag))];

    /// <summary>$5 to $11.</summary>
    private static NpgsqlParameter[] Values(MembershipEntry entry) =>
    [
        Integer((int)entry.Status),
        Text(entry.SiloName ?? string.Empty),
        Text(entry.HostName ?? string.Empty),
        Integer(entry.ProxyPort),
        Text(SuspectTimes(entry)),
        Timestamp(entry.StartTime),
        Timestamp(entry.IAmAliveTime),
    ];

    private static MembershipEntry Entry(NpgsqlDataReader row) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(row.GetString(1)),
        Status = (SiloStatus)row.GetInt32(3),
        SiloName = row.GetString(4),
        HostName = row.GetString(5),
        ProxyPort = row.GetInt32(6),
        SuspectTimes = SuspectTimes(row.GetString(7)),
        StartTime = row.GetDateTime(8),
        IAmAliveTime = row.GetDateTime(9),
    };

    private static string SuspectTimes(MembershipEntry entry) => string.Join(
        SuspectSeparator,
        (entry.SuspectTimes ?? []).Select(suspicion => $"{suspicion.Item1.ToParsableString()},{suspicion.Item2.ToString(SuspectTimeFormat, CultureInfo.InvariantCulture)}"));

    private static List<Tuple<SiloAddress, DateTime>> SuspectTimes(string text) =>
    [
        .. text.Split(SuspectSeparator, StringSplitOptions.RemoveEmptyEntries).Select(suspicion => suspicion.Split(',') is [var silo, var time]
            ? Tuple.Create(SiloAddress.FromParsableString(silo), DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind))
            : throw new StoreDamagedException("table membership, column suspect_times", "silo and time", suspicion, PostgresRepair.Restore)),
    ];

    private static int Number(string etag) => int.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
