using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Npgsql;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Storage.Postgres;

/// <summary>The snapshots of a cluster's grains, in a table of PostgreSQL.</summary>
/// <remarks>
/// Writes compare and swap; those that arrive while a transaction is under way share the next one. A state's ETag is a number
/// drawn at random for each write, so it never comes back, not even after the state was cleared. A write whose outcome was
/// unknown is settled by the same grain's next one: it finds either the state before, or its own.
/// </remarks>
public sealed class PostgresGrainStorage : IGrainStorage, ISnapshotReader, IAsyncDisposable, IDisposable
{
    /// <summary>Beyond this many unsettled writes the oldest knowledge is let go: those grains are told that another writer was there, and read again.</summary>
    private const int UnsettledMax = 100_000;

    private readonly PostgresDatabase _database;
    private readonly PostgresStateStatements _statements;
    private readonly IGrainStorageSerializer _serializer;
    private readonly IActivatorProvider _activators;
    private readonly GatheringWriter<PendingState, bool> _writer;
    private readonly ConcurrentDictionary<StateKey, long> _unsettled = new();

    /// <summary>Opens the storage.</summary>
    /// <param name="database">The database; stays the caller's.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="serializer">Turns states into bytes and back.</param>
    /// <param name="activators">Makes the state of a grain that has none stored.</param>
    public PostgresGrainStorage(PostgresDatabase database, PostgresStorageOptions options, IGrainStorageSerializer serializer, IActivatorProvider activators)
    {
        (_database, _serializer, _activators) = (database, serializer, activators);
        _statements = new PostgresStateStatements(database);
        _writer = new GatheringWriter<PendingState, bool>(state => state.Key, FlushAsync, options.QueuedWritesMax);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var stored = await _database.ReadAsync($"read {key}", connection => _statements.ReadAsync(connection, key, cancellationToken), cancellationToken).ConfigureAwait(false);
        grainState.State = stored is { } state ? _serializer.Deserialize<T>(new BinaryData(state.Payload)) : New<T>();
        grainState.ETag = stored is { } known ? ETag(known.Version) : null;
        grainState.RecordExists = stored is not null;
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
        var payload = _serializer.Serialize(grainState.State).ToArray();
        var version = await SubmitAsync(new StateKey(stateName, grainId.ToString()), grainState.ETag, payload, cancellationToken).ConfigureAwait(false);
        grainState.ETag = ETag(version);
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
        await SubmitAsync(new StateKey(stateName, grainId.ToString()), grainState.ETag, payload: null, cancellationToken).ConfigureAwait(false);
        grainState.State = New<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string GrainId, ReadOnlyMemory<byte> Payload)> ReadAllAsync(
        string stateName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var key = new StateKey(stateName, string.Empty); ;)
        {
            var after = key;
            var chunk = await _database.ReadAsync(
                $"read all `{stateName}`", connection => _statements.ReadAfterAsync(connection, after, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (chunk.Count == 0)
            {
                yield break;
            }

            foreach (var (grainId, state) in chunk)
            {
                yield return (grainId, state.Payload);
            }

            key = key with { GrainId = chunk[^1].GrainId };
        }
    }

    /// <summary>Writes what is queued.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<long> SubmitAsync(StateKey key, string? etag, byte[]? payload, CancellationToken cancellationToken)
    {
        var version = 1 + (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) % long.MaxValue);
        var state = new PendingState(key, VersionOf(etag), _unsettled.TryGetValue(key, out var unsettled) ? unsettled : null, version, payload);
        var write = new GatheredWrite<PendingState, bool>(state, payload?.Length ?? 0, answer =>
        {
            NoteUnknown(state);
            answer.TrySetException(new StoreUnavailableException("The caller stopped waiting for a write that may land all the same."));
        });
        if (!await _writer.SubmitAsync(write, cancellationToken).ConfigureAwait(false))
        {
            var stored = await _database.ReadAsync($"read {key}", connection => _statements.ReadAsync(connection, key, cancellationToken), cancellationToken).ConfigureAwait(false);
            throw new InconsistentStateException($"Another writer changed {key}.", stored is { } known ? ETag(known.Version) : "none", etag ?? "none");
        }

        return version;
    }

    private async Task FlushAsync(IReadOnlyList<GatheredWrite<PendingState, bool>> group)
    {
        // Nothing is sent when this throws: each caller is told so.
        var connection = await _database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                PendingState[] states = [.. group.Select(write => write.Write)];
                var landed = await WriteAsync(connection, states).ConfigureAwait(false);
                foreach (var write in group)
                {
                    _unsettled.TryRemove(write.Write.Key, out _);
                    write.Complete(landed.Contains(write.Write.Key));
                }
            }
            catch (Exception exception) when (PostgresFailure.IsExpected(exception))
            {
                if (!PostgresFailure.IsRefusal(exception))
                {
                    foreach (var write in group)
                    {
                        NoteUnknown(write.Write);
                    }
                }

                throw PostgresFailure.ToStoreException(_database.Place, "write states", exception);
            }
        }
    }

    /// <summary>Writes; once more when the server rolled it back for another transaction's sake.</summary>
    private async Task<HashSet<StateKey>> WriteAsync(NpgsqlConnection connection, PendingState[] states)
    {
        try
        {
            return await _statements.WriteAsync(connection, states).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFailure.IsConflict(exception))
        {
            return await _statements.WriteAsync(connection, states).ConfigureAwait(false);
        }
    }

    private void NoteUnknown(PendingState state)
    {
        if (_unsettled.Count >= UnsettledMax)
        {
            _unsettled.Clear();
        }

        _unsettled[state.Key] = state.Payload is null ? PendingState.NoRow : state.Version;
    }

    private static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long VersionOf(string? etag) =>
        etag is null ? PendingState.NoRow : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : PendingState.Never;

    private T New<T>() => _activators.GetActivator<T>().Create();
}

/// <summary>A write on its way.</summary>
/// <param name="Key">Which state.</param>
/// <param name="Known">The version that the writer knows; <see cref="NoRow"/> when it knows of none.</param>
/// <param name="Unsettled">What an earlier write of unknown outcome left if it landed; null when there was none.</param>
/// <param name="Version">The version that it writes.</param>
/// <param name="Payload">The state; null to clear it.</param>
internal sealed record PendingState(StateKey Key, long Known, long? Unsettled, long Version, byte[]? Payload)
{
    /// <summary>Stands for "there is no row".</summary>
    public const long NoRow = 0;

    /// <summary>A version that no row has.</summary>
    public const long Never = -1;
}
