using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Events;
using Marquee.Storage;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Grains.Catalogue;

/// <summary>The catalogue of one tenant: a log of metadata changes, the live rows that titles publish, and a version for each change.</summary>
[KeepAlive, Immovable, HashBasedPlacement, GrainType(CatalogueBucket.GrainTypeName)]
internal sealed class CatalogueFeedGrain(
    IPartitionLog log,
    [FromKeyedServices(StorageNames.Snapshots)] IGrainStorage snapshotStorage,
    Serializer<CatalogueChange[]> serializer,
    IOptions<MarqueeOptions> options,
    TitleTable titles,
    PartitionQuestions partitions,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<CatalogueFeedGrain> logger) : Grain, ICatalogueFeedGrain
{
    private const int MostPartsPerDelta = 4_096;
    private const int MostWaitingWrites = 20_000;
    private const int MostStoreAttempts = 3;
    private static readonly TimeSpan NeighbourInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Storing all rows takes this share of the time at most, unless that would be too seldom.</summary>
    private const int StoreRestFactor = 100;
    private static readonly TimeSpan LongestStoreRest = TimeSpan.FromMinutes(10);

    /// <summary>All silos tell their titles in one beat: the replicas are woken for all of them together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private readonly CatalogueEntryTable _entries = new();
    private readonly Dictionary<int, long> _covered = [];
    private readonly long _incarnation = time.GetUtcNow().UtcTicks;
    private CatalogueLog _log = null!;
    private CatalogueSnapshots _snapshots = null!;
    private NeighbourGathering _neighbours = null!;
    private (long Since, long Until, PackedCatalogueDelta Delta)? _lastRead;

    /// <summary>Something changed that the replicas were not woken for.</summary>
    private bool _isSilent;
    private bool _isAnnouncing;
    private long _storeAgainAt;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _snapshots = new CatalogueSnapshots(snapshotStorage, this.GetGrainId());
        _log = new CatalogueLog(log, serializer, this.GetPrimaryKeyString(), MostWaitingWrites, Apply, _ => GiveUp());
        await _log.Open(cancellationToken);
        foreach (var row in await _snapshots.Read())
        {
            _entries.Restore(row);
        }

        foreach (var (partition, offset) in _snapshots.Manifest.Covered)
        {
            _covered[partition] = offset;
        }

        await _log.Replay(_snapshots.Manifest.LogOffset, cancellationToken);
        _neighbours = new NeighbourGathering(partitions, this.GetPrimaryKeyString(), titles, options.Value, time);
        _neighbours.BeginAt(_snapshots.Manifest.NeighboursCovered);
        this.RegisterDetachedTimer(GatherNeighbours, NeighbourInterval);
        this.RegisterGrainTimer(StoreRowsIfDue, new GrainTimerCreationOptions(options.Value.CatalogueSnapshotInterval, options.Value.CatalogueSnapshotInterval)
        {
            Interleave = true,
            KeepAlive = true,
        });
    }

    public async Task<CatalogueWriteResult> Upsert(ImmutableArray<TitleMessage> titles) =>
        await _log.Append([.. titles.Select(title => new CatalogueChange { Upserted = title })]);

    public async Task<CatalogueWriteResult> Delete(string titleId) => !_entries.HasMetadata(titleId)
        ? new CatalogueWriteResult(CatalogueWriteOutcome.NotFound, 0, 0, _entries.Version, $"There is no title '{titleId}'.")
        : await _log.Append([new CatalogueChange { DeletedId = titleId }]);

    public Task Publish(ImmutableArray<TitleRowMessage> rows)
    {
        foreach (var row in rows)
        {
            _entries.SetLive(row);
            _snapshots.NoteChange(row.TitleId);
        }

        if (!options.Value.IsClustered)
        {
            Announce();
        }
        else if (!_isAnnouncing)
        {
            _isAnnouncing = true;
            _ = AnnounceSoon();
        }

        return Task.CompletedTask;
    }

    public Task PublishPacked(PackedTitleRows rows) => Publish(rows.Rows);

    public async Task<CatalogueDelta> ReadDelta(long sinceVersion, TimeSpan wait)
    {
        await WaitForChange(sinceVersion, wait);
        return DeltaAfter(sinceVersion);
    }

    public async Task<PackedCatalogueDelta> ReadPackedDelta(long sinceVersion, TimeSpan wait)
    {
        await WaitForChange(sinceVersion, wait);

        // The replicas of all silos wait for the same change, and mostly have come equally far.
        if (_lastRead is not { } last || last.Since != sinceVersion || last.Until != _entries.Version)
        {
            _lastRead = last = (sinceVersion, _entries.Version, new PackedCatalogueDelta(DeltaAfter(sinceVersion)));
        }

        return last.Delta;
    }

    public Task<long> GetVersion() => Task.FromResult(_entries.Version);

    public Task<bool> NoteCovered(int partition, long offset, long incarnation)
    {
        if (incarnation != _incarnation)
        {
            return Task.FromResult(false);
        }

        _covered[partition] = Math.Max(offset, _covered.GetValueOrDefault(partition));
        return Task.FromResult(true);
    }

    public Task<FeedCoverage> GetCovered(int partition) =>
        Task.FromResult(new FeedCoverage(_snapshots.Manifest.Covered.GetValueOrDefault(partition), _incarnation));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StoreRows();

    private async Task WaitForChange(long sinceVersion, TimeSpan wait)
    {
        if (_entries.Version <= sinceVersion && wait > TimeSpan.Zero)
        {
            // A silo that stops waits for the calls that it serves: those that only wait end then.
            await Task.WhenAny(_changed.Task, Task.Delay(wait, time, lifetime.ApplicationStopping));
        }
    }

    private CatalogueDelta DeltaAfter(long version)
    {
        var (rows, reached, more) = _entries.After(version, MostPartsPerDelta);
        return new CatalogueDelta(reached, rows, more, _incarnation);
    }

    private CatalogueWriteResult Apply(IReadOnlyList<CatalogueChange> changes)
    {
        var (created, replaced) = (0, 0);
        foreach (var change in changes)
        {
            if (change.Upserted is { } title)
            {
                (created, replaced) = _entries.SetMetadata(title) ? (created, replaced + 1) : (created + 1, replaced);
                _snapshots.NoteChange(title.TitleId);
            }
            else if (change.DeletedId is { } titleId)
            {
                _entries.Remove(titleId);
                _snapshots.NoteChange(titleId);
            }
        }

        Announce();
        return new CatalogueWriteResult(CatalogueWriteOutcome.Written, created, replaced, _entries.Version, Reason: null);
    }

    private async Task GatherNeighbours()
    {
        try
        {
            var changed = await _neighbours.RunIfDue();
            foreach (var neighbours in changed)
            {
                _entries.SetNeighbours(neighbours);
                _snapshots.NoteChange(neighbours.TitleId);
            }

            _neighbours.NoteHandedOn();
            var wasSilent = _isSilent;

            // Titles are told with every beat of a busy cluster: replicas hear of both at once, or of these with the next round.
            _isSilent = changed.Length > 0;
            if (wasSilent)
            {
                Announce();
            }
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The neighbours of changed titles could not be gathered; trying again");
        }
    }

    /// <summary>Makes room for another activation: nobody reaches it before the calls here have ended, and those that only wait would take ten seconds.</summary>
    private void GiveUp()
    {
        DeactivateOnIdle();
        Announce();
    }

    private async Task AnnounceSoon()
    {
        await Task.Delay(Gathering, time);
        _isAnnouncing = false;
        Announce();
    }

    private void Announce()
    {
        _isSilent = false;
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    /// <summary>A hundred thousand titles take seconds: the larger the catalogue, the longer the log goes on before it is stored again.</summary>
    private async Task StoreRowsIfDue()
    {
        var began = time.GetTimestamp();
        if (began < _storeAgainAt)
        {
            return;
        }

        await StoreRows();
        var rest = time.GetElapsedTime(began) * StoreRestFactor;
        _storeAgainAt = began + (long)((rest < LongestStoreRest ? rest : LongestStoreRest).TotalSeconds * time.TimestampFrequency);
    }

    private async Task StoreRows()
    {
        if (!_snapshots.IsDirty)
        {
            return;
        }

        try
        {
            for (var attempts = 1; !await TryStoreRows(); attempts++)
            {
                if (attempts == MostStoreAttempts || !await _log.IsHeld())
                {
                    logger.LogWarning("Another activation of the catalogue feed stored its rows; beginning anew from those");
                    GiveUp();
                    return;
                }

                await _snapshots.ReadVersions();
            }
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The catalogue's rows could not be stored; the log keeps what they lack, trying again");
        }
    }

    /// <returns>False when an earlier activation stored something after this one had read it, as one whose way to the store was held up does: true, only older.</returns>
    private async Task<bool> TryStoreRows()
    {
        // All are read before the rows: the rows then hold at least what the manifest says.
        var manifest = new CatalogueManifest { LogOffset = _log.NextOffset, Covered = new(_covered), NeighboursCovered = new(_neighbours.Covered) };
        try
        {
            await _snapshots.Write(_entries.All, manifest);
        }
        catch (InconsistentStateException)
        {
            return false;
        }

        await _log.Truncate(manifest.LogOffset);
        return true;
    }
}
