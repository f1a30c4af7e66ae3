using System.Globalization;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;

namespace Marquee.Storage.Azure;

/// <summary>The blobs of the states, each read, swapped and deleted by its ETag.</summary>
internal sealed class StateBlobs(AzureAccount account)
{
    private const string Suffix = ".json";
    private const string MarkKey = "marqueewrite";
    private const string ChecksumKey = "marqueechecksum";

    private static readonly StorageTransferOptions Transfer = new() { InitialTransferSize = 8 << 20, MaximumTransferSize = 4 << 20, MaximumConcurrency = 2 };

    /// <summary>A state; null when there is none.</summary>
    /// <exception cref="StoreDamagedException">The state fails its checksum.</exception>
    public Task<StoredBlob?> ReadAsync(StateKey key, CancellationToken cancellationToken) => account.RunAsync<StoredBlob?>(
        $"read {key}",
        async () =>
        {
            try
            {
                var blob = (await account.States.Reading.GetBlobClient(NameOf(key)).DownloadContentAsync(cancellationToken).ConfigureAwait(false)).Value;
                var payload = blob.Content.ToMemory();

                // The official provider writes no checksum.
                if (blob.Details.Metadata.TryGetValue(ChecksumKey, out var checksum) && Checksum(key, payload.Span) is var found && found != checksum)
                {
                    throw new StoreDamagedException($"{account.Place}, container {AzureStorageOptions.StateContainer}, {key}", $"checksum {checksum}", found, AzureFailure.Restore);
                }

                return new StoredBlob(blob.Details.ETag.ToString("H"), payload);
            }
            catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>What a state's blob is called now, and which write left it; null when there is none.</summary>
    public async Task<LeftBlob?> LookAsync(StateKey key)
    {
        try
        {
            var properties = (await account.States.Reading.GetBlobClient(NameOf(key)).GetPropertiesAsync().ConfigureAwait(false)).Value;
            return new LeftBlob(properties.ETag.ToString("H"), properties.Metadata.TryGetValue(MarkKey, out var mark) ? mark : string.Empty, properties.ContentLength);
        }
        catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
        {
            return null;
        }
    }

    /// <summary>Writes a state over the one with an ETag; a first one when that is null.</summary>
    /// <returns>The new ETag; null when the blob has another, or is there already.</returns>
    public async Task<string?> TryWriteAsync(StateKey key, ReadOnlyMemory<byte> payload, string mark, string? etag)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = Holding(etag),
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
                Metadata = new Dictionary<string, string> { [MarkKey] = mark, [ChecksumKey] = Checksum(key, payload.Span) },
                TransferOptions = Transfer,
            };
            return (await account.States.Writing.GetBlobClient(NameOf(key)).UploadAsync(new BinaryData(payload), options).ConfigureAwait(false)).Value.ETag.ToString("H");
        }
        catch (RequestFailedException exception) when (AzureFailure.IsCondition(exception))
        {
            return null;
        }
    }

    /// <summary>Deletes a state with an ETag. A blob without content is a cleared state, and goes as if there were none.</summary>
    /// <returns>Empty when there is none any more; null when there is another.</returns>
    public async Task<string?> TryDeleteAsync(StateKey key, string? etag)
    {
        if (etag is null)
        {
            // A deletion without a condition would take whatever is there.
            switch (await LookAsync(key).ConfigureAwait(false))
            {
                case null:
                    return string.Empty;
                case { Bytes: 0 } cleared:
                    etag = cleared.ETag;
                    break;
                default:
                    return null;
            }
        }

        try
        {
            await account.States.Writing.GetBlobClient(NameOf(key)).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, Holding(etag)).ConfigureAwait(false);
            return string.Empty;
        }
        catch (RequestFailedException exception) when (AzureFailure.IsCondition(exception))
        {
            return null;
        }
    }

    /// <summary>The grains that have a state of a name, in the order of their ids.</summary>
    public Task<List<string>> ListAsync(string stateName, CancellationToken cancellationToken) => account.RunAsync(
        $"list the states `{stateName}`",
        async () =>
        {
            var prefix = $"{stateName}-";
            var grainIds = new List<string>();
            await foreach (var blob in account.States.Reading.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken).ConfigureAwait(false))
            {
                if (blob.Name.EndsWith(Suffix, StringComparison.Ordinal))
                {
                    grainIds.Add(blob.Name[prefix.Length..^Suffix.Length]);
                }
            }

            grainIds.Sort(StringComparer.Ordinal);
            return grainIds;
        },
        cancellationToken);

    /// <summary>The official provider's name for the blob of a state.</summary>
    private static string NameOf(StateKey key) => $"{key.StateName}-{key.GrainId}{Suffix}";

    private static BlobRequestConditions Holding(string? etag) =>
        etag is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(etag) };

    private static string Checksum(StateKey key, ReadOnlySpan<byte> payload) =>
        StateTables.Checksum(key, version: 0, payload).ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A state as it lies in its blob.</summary>
/// <param name="ETag">In quotes, as the service gives it.</param>
/// <param name="Payload">The serialized state, checksum verified; empty when it was cleared.</param>
internal sealed record StoredBlob(string ETag, ReadOnlyMemory<byte> Payload);

/// <summary>What is known of a blob without reading it.</summary>
/// <param name="ETag">In quotes.</param>
/// <param name="Mark">Which write left it; empty when it was not one of this store.</param>
/// <param name="Bytes">The length of its content.</param>
internal sealed record LeftBlob(string ETag, string Mark, long Bytes);
