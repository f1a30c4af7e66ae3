using System.Net;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Microsoft.Extensions.Logging;

namespace Marquee.Storage.Azure;

/// <summary>The storage account that the nodes of a cluster share: clients with bounded time-outs, and containers that exist.</summary>
public sealed class AzureAccount
{
    private const string ManifestName = "manifest.json";

    /// <summary>Also for membership: a change of it that is refused because it has landed already is read again by Orleans.</summary>
    private const int ReadRetries = 2;

    private static readonly TimeSpan ReadRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly ILogger _logger;
    private int _isUnreachable;

    private AzureAccount(AzureStorageOptions options, ILogger logger)
    {
        _logger = logger;
        var writing = new BlobServiceClient(options.ConnectionString, Bounded(new BlobClientOptions(), options, retries: 0));
        var reading = new BlobServiceClient(options.ConnectionString, Bounded(new BlobClientOptions(), options, ReadRetries));
        Place = $"Azure storage account {writing.AccountName} at {writing.Uri.Host}:{writing.Uri.Port}";
        Log = new BlobAccess(writing.GetBlobContainerClient(AzureStorageOptions.LogContainer), reading.GetBlobContainerClient(AzureStorageOptions.LogContainer));
        States = new BlobAccess(writing.GetBlobContainerClient(AzureStorageOptions.StateContainer), reading.GetBlobContainerClient(AzureStorageOptions.StateContainer));
        Membership = new TableServiceClient(options.ConnectionString, Bounded(new TableClientOptions(), options, ReadRetries)).GetTableClient(AzureStorageOptions.MembershipTable);
    }

    /// <summary>The account and its host; nothing secret.</summary>
    internal string Place { get; }

    /// <summary>The container of the log.</summary>
    internal BlobAccess Log { get; }

    /// <summary>The container of the snapshots.</summary>
    internal BlobAccess States { get; }

    /// <summary>The table of the cluster's members.</summary>
    internal TableClient Membership { get; }

    /// <summary>Connects, and makes the containers and the manifest. Many nodes may do so at once.</summary>
    /// <param name="options">Which account; must be valid.</param>
    /// <param name="logger">Told when the account cannot be reached, and when it can again.</param>
    /// <exception cref="StoreUnavailableException">The account cannot be reached or used.</exception>
    /// <exception cref="StoreMismatchException">It was first used with another number of partitions, or by a newer version.</exception>
    /// <exception cref="StoreDamagedException">The manifest is not what was written.</exception>
    public static AzureAccount Open(AzureStorageOptions options, ILogger<AzureAccount> logger)
    {
        if (options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        var account = new AzureAccount(options, logger);
        try
        {
            account.Log.Reading.CreateIfNotExists();
            account.States.Reading.CreateIfNotExists();
            account.CheckManifest(options.PartitionCount);
            return account;
        }
        catch (Exception exception) when (AzureFailure.IsExpected(exception))
        {
            throw new StoreUnavailableException($"{account.Place} cannot be used: {AzureFailure.Describe(exception)}.", exception);
        }
    }

    /// <summary>Runs a request and turns its failures into those of a store.</summary>
    internal async Task<T> RunAsync<T>(string action, Func<Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await request().ConfigureAwait(false);
            NoteAnswer();
            return result;
        }
        catch (Exception exception) when (AzureFailure.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            NoteFailure(exception);
            throw AzureFailure.ToStoreException(Place, action, exception);
        }
    }

    /// <summary>Told of each answer.</summary>
    internal void NoteAnswer()
    {
        if (Volatile.Read(ref _isUnreachable) == 1 && Interlocked.Exchange(ref _isUnreachable, 0) == 1)
        {
            _logger.LogWarning("{Place} answers again", Place);
        }
    }

    /// <summary>Told of each request that failed.</summary>
    internal void NoteFailure(Exception exception)
    {
        // Whoever refuses one request, for what it asks, may serve the next.
        var isAway = !AzureFailure.IsRefusal(exception) || exception is RequestFailedException { Status: (int)HttpStatusCode.Forbidden };
        if (isAway && Interlocked.Exchange(ref _isUnreachable, 1) == 0)
        {
            _logger.LogWarning("{Place} does not serve: {Reason}. Writes are refused until it does", Place, AzureFailure.Describe(exception));
        }
    }

    /// <summary>Whoever writes the manifest first decides; all others read what that was.</summary>
    private void CheckManifest(int partitionCount)
    {
        var place = $"{Place}, container {AzureStorageOptions.LogContainer}";
        var blob = Log.Reading.GetBlobClient(ManifestName);
        DataManifest manifest;
        try
        {
            manifest = new DataManifest(DataManifest.FormatNewest, partitionCount, DateTimeOffset.UtcNow);
            blob.Upload(new BinaryData(manifest.ToBytes()), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } });
        }
        catch (RequestFailedException exception) when (AzureFailure.IsCondition(exception))
        {
            manifest = DataManifest.FromBytes(blob.DownloadContent().Value.Content, $"{place}, {ManifestName}", AzureFailure.Restore);
        }

        if (manifest.Format > DataManifest.FormatNewest)
        {
            throw new StoreMismatchException($"{place} has format {manifest.Format}, and this version reads up to {DataManifest.FormatNewest}. Start the version that made it, or a newer one.");
        }

        if (manifest.Partitions != partitionCount)
        {
            throw new StoreMismatchException(
                $"{place} was made with {manifest.Partitions} partitions, and the node is configured with {partitionCount}. "
                + $"The number is fixed at the first start: configure {manifest.Partitions}, or take another storage account and import the events again.");
        }
    }

    /// <remarks>A write of log or snapshot is not sent again by the driver: of the second one's refusal nobody could tell whether the first had landed.</remarks>
    private static T Bounded<T>(T client, AzureStorageOptions options, int retries)
        where T : ClientOptions
    {
        client.Retry.NetworkTimeout = options.RequestTimeout;
        client.Retry.MaxRetries = retries;
        client.Retry.Delay = ReadRetryDelay;
        client.Diagnostics.IsDistributedTracingEnabled = false;
        client.Diagnostics.IsLoggingEnabled = false;
        return client;
    }
}

/// <summary>One container, for requests that are sent once and for those that may be repeated.</summary>
/// <param name="Writing">Sends each request once.</param>
/// <param name="Reading">Repeats a request that failed for a passing reason.</param>
internal sealed record BlobAccess(BlobContainerClient Writing, BlobContainerClient Reading);
