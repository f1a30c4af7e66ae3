using System.Runtime.CompilerServices;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Sqlite;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Storage.Snapshots;

/// <summary>The snapshots of one node's grains, in one SQLite file.</summary>
/// <remarks>
/// One thread writes; writes that arrive while a commit is in flight share the next one. Every commit is synced. A state's
/// ETag is the number of the transaction that wrote it, so it never comes back, not even after the state was cleared. What is
/// cleared or replaced is overwritten with zeros. One process at a time: the caller holds the data directory's lock.
/// </remarks>
public sealed class SqliteGrainStorage : IGrainStorage, ISnapshotReader, IAsyncDisposable, IDisposable
{
    /// <summary>The name of the file in the data directory.</summary>
    public const string FileName = "state.db";

    private const int ReadersMax = 4;

    private readonly SnapshotSerializer _serializer;
    private readonly IActivatorProvider _activators;
    private readonly ReaderPool<StateReader> _readers;
    private readonly GroupCommitWriter<StateSession> _writer;

    /// <summary>Opens the store, creating it when it is new; checks every row, or begins to when there is much.</summary>
    /// <param name="directory">The data directory; must exist, and be locked by this process.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="serializer">Turns states into bytes and back.</param>
    /// <param name="activators">Makes the state of a grain that has none stored.</param>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be opened now.</exception>
    public SqliteGrainStorage(string directory, SqliteStorageOptions options, SnapshotSerializer serializer, IActivatorProvider activators)
    {
        (_serializer, _activators) = (serializer, activators);
        var file = FileOf(directory, options.SnapshotBytesMax);
        Verification = Verify(file, options.SnapshotBytesVerifiedAtStartMax);
        _readers = new ReaderPool<StateReader>(file.FilePath, database => new StateReader(database), ReadersMax);
        _writer = new GroupCommitWriter<StateSession>(file, connection => new StateSession(connection), _readers.CloseAll, options.QueuedWritesMax);
    }

    /// <summary>The check of every row: complete when a small file was opened, still running behind a large one. Fails with
    /// <see cref="StoreDamagedException"/> at the first finding; until then each row is checked when it is read.</summary>
    public Task Verification { get; }

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be read now.</exception>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="StoreDamagedException">The stored state fails its checksum.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be read now.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var stored = await _readers.ReadAsync(reader => reader.Read(key), cancellationToken).ConfigureAwait(false);
        grainState.State = stored is { } state ? _serializer.Deserialize<T>(new BinaryData(state.Payload)) : New<T>();
        grainState.ETag = stored is { } known ? StateSession.ETag(known.Version) : null;
        grainState.RecordExists = stored is not null;
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">No room: nothing was written. Or the outcome is unknown: read again.</exception>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">No room: nothing was written. Or the outcome is unknown: read again.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var payload = _serializer.Rent(grainState.State);
        var request = new WriteStateRequest(new StateKey(stateName, grainId.ToString()), grainState.ETag, payload.Memory);
        grainState.ETag = await _writer.SubmitAsync(request, cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;

        // Not after a failure: who stopped waiting does not know whether the bytes are still to be written.
        payload.Return();
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">No room: nothing was cleared. Or the outcome is unknown: read again.</exception>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared the state since.</exception>
    /// <exception cref="StoreUnavailableException">No room: nothing was cleared. Or the outcome is unknown: read again.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var request = new ClearStateRequest(new StateKey(stateName, grainId.ToString()), grainState.ETag);
        await _writer.SubmitAsync(request, cancellationToken).ConfigureAwait(false);
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
            var chunk = await _readers.ReadAsync(reader => reader.ReadAfter(after), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The snapshots' file in a data directory.</summary>
    internal static StoreFile FileOf(string directory, long bytesMax = 0)
        => new(Path.Combine(directory, FileName), StateTables.ApplicationId, StateTables.Layouts, bytesMax);

    private static Task Verify(StoreFile file, long bytesAtStartMax)
    {
        var isSmall = !File.Exists(file.FilePath) || new FileInfo(file.FilePath).Length <= bytesAtStartMax;
        var verification = Task.Run(() => StoreInspection.Run(
            file,
            (database, content, report) => StateInspection.Run(database, content, report),
            finding => throw finding.ToException()));
        if (isSmall)
        {
            verification.GetAwaiter().GetResult();
        }

        return verification;
    }

    private T New<T>() => _activators.GetActivator<T>().Create();
}
