using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Storage.Azure;

/// <summary>The snapshots of a cluster's grains, in block blobs with the layout of Orleans' own Azure Blob provider.</summary>
/// <remarks>
/// One blob per state, <c>{stateName}-{grainId}.json</c> in the container <c>grainstate</c>; its content is what the
/// serializer gave, an empty one is a cleared state. Each write compares and swaps by the blob's ETag. What the official
/// provider does not know is in the blob's metadata: a checksum, and a number drawn at random for each write, by which a
/// write whose outcome was unknown is settled by the same grain's next one.
/// </remarks>
public sealed class AzureGrainStorage : IGrainStorage, ISnapshotReader
{
    /// <summary>Beyond this many unsettled writes the oldest knowledge is let go: those grains are told that another writer was there, and read again.</summary>
    private const int UnsettledMax = 100_000;
    private const int WritesAtOnceMax = 64;
    private const int ReadsAheadMax = 16;

    private readonly AzureAccount _account;
    private readonly StateBlobs _blobs;
    private readonly IGrainStorageSerializer _serializer;
    private readonly IActivatorProvider _activators;
    private readonly SemaphoreSlim _writes = new(WritesAtOnceMax);
    private readonly ConcurrentDictionary<StateKey, string?> _unsettled = new();

    /// <summary>Opens the storage.</summary>
    /// <param name="account">The account.</param>
    /// <param name="serializer">Turns states into bytes and back.</param>
    /// <param name="activators">Makes the state of a grain that has none stored.</param>
    public AzureGrainStorage(AzureAccount account, IGrainStorageSerializer serializer, IActivatorProvider activators)
    {
        (_account, _blobs, _serializer, _activators) = (account, new StateBlobs(account), serializer, activators);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The account cannot be read now.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The account cannot be read now.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var stored = await _blobs.ReadAsync(new StateKey(stateName, grainId.ToString()), cancellationToken).ConfigureAwait(false);
        var isCleared = stored is null || stored.Payload.Length == 0;
        grainState.State = isCleared ? New<T>() : _serializer.Deserialize<T>(new BinaryData(stored!.Payload));
        grainState.ETag = stored?.ETag;
        grainState.RecordExists = !isCleared;
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">Not reached: nothing was written. Or the outcome is unknown: write again.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">Not reached: nothing was written. Or the outcome is unknown: write again.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var payload = _serializer.Serialize(grainState.State).ToMemory();
        var mark = RandomNumberGenerator.GetHexString(16, lowercase: true);
        grainState.ETag = await ChangeAsync(key, grainState.ETag, mark, etag => _blobs.TryWriteAsync(key, payload, mark, etag), cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">Not reached: nothing was cleared. Or the outcome is unknown: clear again.</exception>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">Not reached: nothing was cleared. Or the outcome is unknown: clear again.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(stateName, grainId.ToString());
        await ChangeAsync(key, grainState.ETag, mark: null, etag => _blobs.TryDeleteAsync(key, etag), cancellationToken).ConfigureAwait(false);
        grainState.State = New<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string GrainId, ReadOnlyMemory<byte> Payload)> ReadAllAsync(
        string stateName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var ahead = new Queue<(string GrainId, Task<StoredBlob?> Read)>();
        var grainIds = await _blobs.ListAsync(stateName, cancellationToken).ConfigureAwait(false);
        for (var next = 0; next < grainIds.Count || ahead.Count > 0;)
        {
            while (next < grainIds.Count && ahead.Count < ReadsAheadMax)
            {
                var grainId = grainIds[next++];
                ahead.Enqueue((grainId, _blobs.ReadAsync(new StateKey(stateName, grainId), cancellationToken)));
            }

            var (oldest, read) = ahead.Dequeue();
            if (await read.ConfigureAwait(false) is { Payload.Length: > 0 } stored)
            {
                yield return (oldest, stored.Payload);
            }
        }
    }

    /// <summary>Changes a state on condition that it is the one that the writer knows, or the one that the writer's own earlier attempt left.</summary>
    /// <param name="key">Which state.</param>
    /// <param name="etag">The one that the writer knows; null when it knows of none.</param>
    /// <param name="mark">Tells this write from all others; null when it clears the state.</param>
    /// <param name="change">Tries it against an ETag; null when the blob has another.</param>
    /// <param name="cancellationToken">Gives up before the request is sent.</param>
    private async Task<string> ChangeAsync(StateKey key, string? etag, string? mark, Func<string?, Task<string?>> change, CancellationToken cancellationToken)
    {
        await _writes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var changed = await change(etag).ConfigureAwait(false);
            if (changed is null && _unsettled.TryGetValue(key, out var left))
            {
                var now = await _blobs.LookAsync(key).ConfigureAwait(false);
                changed = now?.Mark == left ? await change(now?.ETag).ConfigureAwait(false) : null;
            }

            _unsettled.TryRemove(key, out _);
            _account.NoteAnswer();
            return changed ?? throw new InconsistentStateException($"Another writer changed {key}.", "unknown", etag ?? "none");
        }
        catch (Exception exception) when (AzureFailure.IsExpected(exception))
        {
            if (!AzureFailure.IsUnsent(exception) && !AzureFailure.IsRefusal(exception))
            {
                NoteUnknown(key, mark);
            }

            _account.NoteFailure(exception);
            throw AzureFailure.ToStoreException(_account.Place, $"write {key}", exception);
        }
        finally
        {
            _writes.Release();
        }
    }

    private void NoteUnknown(StateKey key, string? mark)
    {
        if (_unsettled.Count >= UnsettledMax)
        {
            _unsettled.Clear();
        }

        _unsettled[key] = mark;
    }

    private T New<T>() => _activators.GetActivator<T>().Create();
}
