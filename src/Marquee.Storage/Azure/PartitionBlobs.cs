using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>The blobs of one partition: the head, which is compared and swapped, and the segments, which are appended to.</summary>
internal sealed class PartitionBlobs
{
    private const string HeadName = "head";
    private const int TailBytes = 64 << 10;

    private readonly AzureAccount _account;
    private readonly string _prefix;

    public PartitionBlobs(AzureAccount account, LogPartition partition)
    {
        // No path segment of dots, which URLs would swallow; and an @, which no partition's name has, keeps `a` and `a/b` apart.
        (_account, Partition, _prefix) = (account, partition, $"log/{partition.Name.Replace('.', '!')}/@");
    }

    public LogPartition Partition { get; }

    /// <summary>Where a blob is, for reports.</summary>
    public string PlaceOf(string name) => $"{_account.Place}, container {AzureStorageOptions.LogContainer}, blob {_prefix}{name}";

    /// <summary>The head; null when the partition was never opened.</summary>
    /// <exception cref="StoreDamagedException">The head is not what was written.</exception>
    public Task<KnownHead?> ReadHeadAsync(CancellationToken cancellationToken) => _account.RunAsync<KnownHead?>(
        $"read the head of `{Partition}`",
        async () =>
        {
            try
            {
                var blob = await _account.Log.Reading.GetBlobClient(_prefix + HeadName).DownloadContentAsync(cancellationToken).ConfigureAwait(false);
                return new KnownHead(PartitionHead.FromBytes(blob.Value.Content, Partition, PlaceOf(HeadName)), blob.Value.Details.ETag);
            }
            catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>Replaces the head, if it is still the one that was read.</summary>
    /// <param name="head">The new head.</param>
    /// <param name="known">The tag that was read; null when there was no head.</param>
    /// <returns>False when another writer was first.</returns>
    public Task<bool> TryWriteHeadAsync(PartitionHead head, ETag? known) => _account.RunAsync(
        $"write the head of `{Partition}`",
        async () =>
        {
            try
            {
                var conditions = known is { } tag ? new BlobRequestConditions { IfMatch = tag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
                await _account.Log.Writing.GetBlobClient(_prefix + HeadName)
                    .UploadAsync(new BinaryData(head.ToBytes(Partition)), new BlobUploadOptions { Conditions = conditions }).ConfigureAwait(false);
                return true;
            }
            catch (RequestFailedException exception) when (AzureFailure.IsCondition(exception))
            {
                return false;
            }
        },
        CancellationToken.None);

    /// <summary>Makes an empty segment under a name that was never used.</summary>
    /// <param name="epoch">Whose.</param>
    /// <param name="number">How many the same epoch has had before; later names sort behind earlier ones.</param>
    /// <param name="firstOffset">The offset of the first event that it will hold.</param>
    public Task<(LogSegment Segment, ETag Tag)> CreateSegmentAsync(long epoch, int number, long firstOffset) => _account.RunAsync(
        $"make a segment of `{Partition}`",
        async () =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{epoch:D12}-{number:D6}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
            var made = await SegmentBlob(name).CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }).ConfigureAwait(false);
            return (new LogSegment(name, epoch, firstOffset), made.Value.ETag);
        },
        CancellationToken.None);

    /// <summary>The client that appends to a segment. Sends each request once.</summary>
    public AppendBlobClient SegmentBlob(string name) => _account.Log.Writing.GetAppendBlobClient(_prefix + name);

    /// <summary>From now on nobody appends to the segment.</summary>
    /// <returns>The offset behind its last whole batch; null when the segment is gone.</returns>
    /// <exception cref="StoreDamagedException">The segment does not end with what was written.</exception>
    public Task<long?> SealAsync(LogSegment segment, CancellationToken cancellationToken) => _account.RunAsync<long?>(
        $"seal a segment of `{Partition}`",
        async () =>
        {
            try
            {
                await _account.Log.Reading.GetAppendBlobClient(_prefix + segment.Name).SealAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == "BlobIsSealed")
            {
                // By whoever tried before.
            }
            catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
            {
                return null;
            }

            return await FindEndAsync(segment, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>What the store says of a segment; null when it is gone.</summary>
    public Task<BlobProperties?> PropertiesAsync(LogSegment segment, CancellationToken cancellationToken) => _account.RunAsync<BlobProperties?>(
        $"look at a segment of `{Partition}`",
        async () =>
        {
            try
            {
                return (await Reading(segment).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            }
            catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>Bytes of a segment, and how many it has in all; null when it is gone.</summary>
    public Task<(ReadOnlyMemory<byte> Bytes, long Length)?> ReadAsync(LogSegment segment, long start, int count, CancellationToken cancellationToken) =>
        _account.RunAsync<(ReadOnlyMemory<byte>, long)?>(
            $"read `{Partition}`",
            async () =>
            {
                try
                {
                    var options = new BlobDownloadOptions { Range = new HttpRange(start, count) };
                    var read = (await Reading(segment).DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value;
                    return (read.Content, LengthOf(read.Details));
                }
                catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidRange)
                {
                    return (ReadOnlyMemory<byte>.Empty, start);
                }
                catch (RequestFailedException exception) when (AzureFailure.IsNotFound(exception))
                {
                    return null;
                }
            },
            cancellationToken);

    /// <summary>Deletes the segments that the head does not name and that are older than its active one.</summary>
    /// <remarks>Whoever made one of them can no longer bring it into the head: the head has changed since.</remarks>
    public Task SweepAsync(PartitionHead head, CancellationToken cancellationToken) => _account.RunAsync(
        $"delete segments of `{Partition}`",
        async () =>
        {
            var live = head.Segments.Select(segment => segment.Name).ToHashSet();
            await foreach (var blob in _account.Log.Reading.GetBlobsAsync(new GetBlobsOptions { Prefix = _prefix }, cancellationToken).ConfigureAwait(false))
            {
                var name = blob.Name[_prefix.Length..];
                if (name != HeadName && !live.Contains(name) && string.CompareOrdinal(name, head.Active.Name) < 0)
                {
                    await SegmentBlob(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken).ConfigureAwait(false);
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>A segment that the head names is not there.</summary>
    public StoreDamagedException Missing(LogSegment segment) => Damaged(segment, segment.FirstOffset, "a segment that the head names", "no such blob");

    public StoreDamagedException Damaged(LogSegment segment, long offset, string expected, string found) =>
        new($"{PlaceOf(segment.Name)}, `{Partition}`, offset {offset}", expected, found, AzureFailure.Restore);

    private BlobBaseClient Reading(LogSegment segment) => _account.Log.Reading.GetBlobBaseClient(_prefix + segment.Name);

    /// <summary>Reads backwards from the end: a batch of several parts may lack its last ones, and then was never acknowledged.</summary>
    private async Task<long> FindEndAsync(LogSegment segment, CancellationToken cancellationToken)
    {
        var properties = (await Reading(segment).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        for (var position = properties.ContentLength; position > 0;)
        {
            var bytes = await BackwardsAsync(Math.Min(TailBytes, position)).ConfigureAwait(false);
            var length = LogFrame.FrameBytesBefore(bytes.Span[^LogFrame.TrailerBytes..]);
            if (length is null || length > position)
            {
                throw Damaged(segment, segment.FirstOffset, $"a batch that ends at byte {position}", "none");
            }

            if (length > bytes.Length)
            {
                bytes = await BackwardsAsync(length.Value).ConfigureAwait(false);
            }

            if (LogFrame.Header(bytes.Span[^length.Value..]) is not { } frame || frame.FrameBytes != length || frame.Epoch != segment.Epoch || frame.FirstOffset < segment.FirstOffset)
            {
                throw Damaged(segment, segment.FirstOffset, $"a batch of epoch {segment.Epoch} that ends at byte {position}", "something else");
            }

            if (frame.IsLast)
            {
                return frame.FirstOffset + frame.Count;
            }

            position -= length.Value;

            async Task<ReadOnlyMemory<byte>> BackwardsAsync(long count)
            {
                var options = new BlobDownloadOptions { Range = new HttpRange(position - count, count) };
                return (await Reading(segment).DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content;
            }
        }

        return segment.FirstOffset;
    }

    /// <summary>From `bytes 0-99/200`.</summary>
    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { } range && range.LastIndexOf('/') is >= 0 and var slash
            ? long.Parse(range.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture)
            : details.ContentLength;
}

/// <summary>A head as it was read.</summary>
/// <param name="Head">What it says.</param>
/// <param name="Tag">Changes with each change of the head.</param>
internal sealed record KnownHead(PartitionHead Head, ETag Tag);
