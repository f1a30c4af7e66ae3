using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Marquee.Storage.Events;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Marquee.Storage.Azure;

/// <summary>Who is in the cluster, in an Azure table with the layout of Orleans' own provider: the extended membership protocol.</summary>
/// <remarks>
/// Each change of a row replaces the version row in the same transaction, on condition that it is the one that the silo has
/// read: all silos see the same sequence of changes. The row itself needs no condition beside that. The sign of life is no
/// change: it merges a time into the row.
/// </remarks>
public sealed class AzureMembershipTable(AzureAccount account, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private const int RowsPerTransactionMax = 100;

    private readonly string _clusterId = cluster.Value.ClusterId;

    private TableClient Table => account.Membership;

    /// <inheritdoc/>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) => RunAsync(
        "initialise the membership table",
        async () =>
        {
            await Table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
            if (tryInitTableVersion)
            {
                await TryAsync(() => Table.AddEntityAsync(MembershipRow.Version(_clusterId, 0), cancellationToken)).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => RunAsync(
        "delete the membership table",
        async () =>
        {
            await DeleteAsync(await RowsAsync(clusterId, row: null, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => RunAsync(
        "clean the membership table up",
        async () =>
        {
            var rows = await RowsAsync(_clusterId, row: null, cancellationToken).ConfigureAwait(false);
            var defunct = rows.Where(row => row.RowKey != MembershipRow.VersionKey
                && MembershipRow.Read(row, account.Place) is { Status: SiloStatus.Dead } entry && entry.IAmAliveTime < beforeDate.UtcDateTime);
            await DeleteAsync(defunct, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) => ReadAsync(MembershipRow.KeyOf(key), cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(row: null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => ChangeAsync(
        "add a silo to the membership table",
        new TableTransactionAction(TableTransactionActionType.Add, MembershipRow.Of(_clusterId, entry)),
        tableVersion,
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The row's ETag changes with each sign of life, so it says nothing that the version row's does not say better.</remarks>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) => ChangeAsync(
        "change a silo in the membership table",
        new TableTransactionAction(TableTransactionActionType.UpdateReplace, MembershipRow.Of(_clusterId, entry), ETag.All),
        tableVersion,
        cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => RunAsync(
        "write a sign of life",
        () => Table.UpdateEntityAsync(MembershipRow.SignOfLife(_clusterId, entry), ETag.All, TableUpdateMode.Merge, cancellationToken),
        cancellationToken);

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

    /// <summary>One silo or all, beside the table's version: one query of one partition of the table.</summary>
    private Task<MembershipTableData> ReadAsync(string? row, CancellationToken cancellationToken) => RunAsync(
        "read the membership table",
        async () =>
        {
            TableVersion? version = null;
            var entries = new List<Tuple<MembershipEntry, string>>();
            foreach (var found in await RowsAsync(_clusterId, row, cancellationToken).ConfigureAwait(false))
            {
                if (found.RowKey == MembershipRow.VersionKey)
                {
                    version = new TableVersion(int.Parse(found.GetString(MembershipRow.MembershipVersion), CultureInfo.InvariantCulture), found.ETag.ToString());
                }
                else
                {
                    entries.Add(Tuple.Create(MembershipRow.Read(found, account.Place), found.ETag.ToString()));
                }
            }

            return new MembershipTableData(entries, version ?? throw new StoreUnavailableException(
                $"{account.Place}, table {AzureStorageOptions.MembershipTable}: the cluster `{_clusterId}` has no version row. Start the nodes again."));
        },
        cancellationToken);

    /// <summary>Changes a row and the version row, both or none.</summary>
    private Task<bool> ChangeAsync(string action, TableTransactionAction change, TableVersion version, CancellationToken cancellationToken)
    {
        var turn = new TableTransactionAction(
            TableTransactionActionType.UpdateReplace, MembershipRow.Version(_clusterId, version.Version), new ETag(version.VersionEtag));
        return RunAsync(action, () => TryAsync(() => Table.SubmitTransactionAsync([change, turn], cancellationToken)), cancellationToken);
    }

    private async Task<List<TableEntity>> RowsAsync(string clusterId, string? row, CancellationToken cancellationToken)
    {
        var filter = row is null
            ? TableClient.CreateQueryFilter($"PartitionKey eq {clusterId}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {clusterId} and (RowKey eq {row} or RowKey eq {MembershipRow.VersionKey})");
        var rows = new List<TableEntity>();
        await foreach (var found in Table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            rows.Add(found);
        }

        return rows;
    }

    private async Task DeleteAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(RowsPerTransactionMax))
        {
            await Table.SubmitTransactionAsync(
                chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<T> RunAsync<T>(string action, Func<Task<T>> request, CancellationToken cancellationToken) => account.RunAsync(action, request, cancellationToken);

    /// <returns>False when a condition did not hold: another silo was first.</returns>
    private static async Task<bool> TryAsync<T>(Func<Task<T>> request)
    {
        try
        {
            await request().ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (AzureFailure.IsCondition(exception))
        {
            return false;
        }
    }
}
