using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Embedded;

/// <summary>Checks a whole data directory while no node runs on it. Writes nothing but the lock file.</summary>
/// <remarks>
/// Manifest; headers and tables; the numbers of acknowledged transactions; SQLite's own structure; per partition: offsets without
/// gap, epochs that never fall, checksums, and what the caller has to say about each batch; every snapshot's checksum and
/// their sum.
/// </remarks>
public static class LogVerifier
{
    private const int FindingsMax = 1_000;

    /// <summary>Runs the check.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="inspect">Told each intact batch in the order of partition and offset; gives what is wrong inside it. Null leaves the
    /// payloads unread. A batch that it throws at is a finding.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Everything that was found, up to 1,000 findings.</returns>
    /// <exception cref="StoreUnavailableException">There is no such directory, or a node runs on it.</exception>
    public static VerificationReport Verify(
        string directory,
        Func<LogPartition, StoredBatch, IEnumerable<StoreFinding>>? inspect = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        directory = Path.GetFullPath(directory);
        if (!Directory.Exists(directory))
        {
            throw new StoreUnavailableException($"There is no data directory {directory}.");
        }

        using var held = DataDirectory.Lock(directory);
        var check = new Check(directory, inspect, progress, cancellationToken);
        return check.Run();
    }

    /// <summary>One run of the check.</summary>
    private sealed class Check(
        string directory,
        Func<LogPartition, StoredBatch, IEnumerable<StoreFinding>>? inspect,
        IProgress<VerificationProgress>? progress,
        CancellationToken cancellationToken)
    {
        private const int ProgressInterval = 512;

        private readonly List<StoreFinding> _findings = [];
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
                if (inspect is not null)
                {
                    Inspect(partition, new StoredBatch(epoch, first, count, payload.ToArray()), report);
                }
            });
            _partitions = partitions.Count;
            progress?.Report(new VerificationProgress("events", _events, total));
        }

        private void Inspect(LogPartition partition, StoredBatch batch, Action<StoreFinding> report)
        {
            try
            {
                foreach (var finding in inspect!(partition, batch))
                {
                    report(finding);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The inspector is the caller's; whatever it throws, the batch is not what a node would have written.
                report(new StoreFinding($"{directory}, `{partition}`, offset {batch.FirstOffset}", $"{batch.Count} entries", exception.Message));
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
    }
}
