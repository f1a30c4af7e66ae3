using System.IO.Hashing;
using System.Text;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Embedded;

/// <summary>Checks a whole data directory while no node runs on it. Writes nothing but the lock file.</summary>
/// <remarks>
/// Manifest; headers and tables; the numbers of acknowledged transactions; SQLite's own structure; per partition: offsets without
/// gap, epochs that never fall, checksums, and (with a decoder) no event twice; every snapshot's checksum and their sum.
/// </remarks>
public static class LogVerifier
{
    private const int FindingsMax = 1_000;

    /// <summary>Runs the check.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="decode">Gives user key and event id of each event of a batch; null leaves duplicates unchecked. A batch that it throws at is a finding.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Everything that was found, up to 1,000 findings.</returns>
    /// <exception cref="StoreUnavailableException">There is no such directory, or a node runs on it.</exception>
    public static VerificationReport Verify(
        string directory,
        Func<StoredBatch, IEnumerable<(string UserKey, string EventId)>>? decode = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        directory = Path.GetFullPath(directory);
        if (!Directory.Exists(directory))
        {
            throw new StoreUnavailableException($"There is no data directory {directory}.");
        }

        using var held = DataDirectory.Lock(directory);
        var check = new Check(directory, decode, progress, cancellationToken);
        return check.Run();
    }

    /// <summary>One run of the check.</summary>
    private sealed class Check(
        string directory,
        Func<StoredBatch, IEnumerable<(string UserKey, string EventId)>>? decode,
        IProgress<VerificationProgress>? progress,
        CancellationToken cancellationToken)
    {
        private const int ProgressInterval = 512;

        private readonly List<StoreFinding> _findings = [];
        private readonly Dictionary<UInt128, long> _eventIds = [];
        private LogPartition _partition;
        private long _partitions;
        private long _batches;
        private long _events;
        private long _snapshots;

        public VerificationReport Run()
        {
            DataManifest? manifest = null;
            try
            {
                manifest = DataDirectory.ReadManifest(directory);
                if (manifest is null)
                {
                    Report(new StoreFinding(Path.Combine(directory, DataManifest.FileName), "a manifest", "none"));
                }
            }
            catch (StoreDamagedException damaged)
            {
                Report(StoreFinding.From(damaged));
            }

            StoreInspection.Run(SqlitePartitionLog.FileOf(directory), CheckLog, Report);
            StoreInspection.Run(SqliteGrainStorage.FileOf(directory), CheckSnapshots, Report);
            return new VerificationReport(manifest, _partitions, _batches, _events, _snapshots, _findings);
        }

        private void CheckLog(SqliteDatabase database, ulong content, Action<StoreFinding> report)
        {
            var total = long.Parse(database.Query("SELECT coalesce(sum(next_offset - first_offset), 0) FROM partition") ?? "0");
            var partitions = LogInspection.Run(database, content, report, (partition, epoch, first, count, payload) =>
            {
                if (++_batches % ProgressInterval == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(new VerificationProgress("events", _events, total));
                }

                _events += count;
                if (decode is not null)
                {
                    CheckDuplicates(partition, new StoredBatch(epoch, first, count, payload.ToArray()), report);
                }
            });
            _partitions = partitions.Count;
            progress?.Report(new VerificationProgress("events", _events, total));
        }

        /// <summary>An event id counts once per user; all events of a user are in one partition.</summary>
        private void CheckDuplicates(LogPartition partition, StoredBatch batch, Action<StoreFinding> report)
        {
            if (partition != _partition)
            {
                _partition = partition;
                _eventIds.Clear();
            }

            var place = $"{directory}, `{partition}`, offset";
            try
            {
                var offset = batch.FirstOffset;
                foreach (var (userKey, eventId) in decode!(batch))
                {
                    if (!_eventIds.TryAdd(HashOf(userKey, eventId), offset))
                    {
                        report(new StoreFinding($"{place} {offset}", $"event `{eventId}` of `{userKey}` once", $"again, after offset {_eventIds[HashOf(userKey, eventId)]}"));
                    }

                    offset++;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The decoder is the caller's; whatever it throws, the batch is not what a node would have written.
                report(new StoreFinding($"{place} {batch.FirstOffset}", $"{batch.Count} events", exception.Message));
            }
        }

        private void CheckSnapshots(SqliteDatabase database, ulong content, Action<StoreFinding> report)
        {
            var total = long.Parse(database.Query("SELECT count(*) FROM state") ?? "0");
            StateInspection.Run(database, content, report, () =>
            {
                if (++_snapshots % ProgressInterval == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(new VerificationProgress("snapshots", _snapshots, total));
                }
            });
            progress?.Report(new VerificationProgress("snapshots", _snapshots, total));
        }

        private void Report(StoreFinding finding)
        {
            if (_findings.Count < FindingsMax)
            {
                _findings.Add(finding);
            }
        }

        private static UInt128 HashOf(string userKey, string eventId) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{userKey}\n{eventId}"));
    }
}
