using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Tests.Storage.Events;
using EngagementType = Marquee.Engine.Events.EngagementType;

namespace Marquee.Tests.Chaos;

/// <summary>A store in memory, and a writer that leaves in it what silos would.</summary>
internal sealed class ChaosStore : IStoreAccess
{
    private const long Noon = 1_767_268_800_000;

    private readonly InMemoryPartitionLog _log = new();
    private readonly long[] _epochs;
    private readonly long[] _next;
    private readonly List<List<LogEntry>> _entries = [];
    private readonly ConcurrentDictionary<LogPartition, bool> _read = new();
    private readonly TaskCompletionSource _wasRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _events;

    private ChaosStore(int partitions)
    {
        (_epochs, _next) = (new long[partitions], new long[partitions]);
        for (var partition = 0; partition < partitions; partition++)
        {
            _entries.Add([]);
            Snapshots.Add([]);
        }
    }

    public int Partitions => _epochs.Length;

    public IPartitionLog Log => new FollowedLog(_log, name => NoteRead(name));

    /// <summary>Completes when each partition's log has been read to its end once.</summary>
    public Task WasRead => _wasRead.Task;

    /// <summary>What <see cref="ReadSnapshotsAsync"/> gives.</summary>
    public List<List<PartitionSnapshot>> Snapshots { get; } = [];

    /// <summary>What <see cref="ReadUsersAsync"/> gives.</summary>
    public Dictionary<string, UserSnapshot> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>What <see cref="ReadTitlesAsync"/> gives.</summary>
    public Dictionary<string, EngagementTotals> Titles { get; } = new(StringComparer.Ordinal);

    /// <summary>So often reading what is stored fails first.</summary>
    public int Failures { get; set; }

    public bool IsDisposed { get; private set; }

    public static async Task<ChaosStore> CreateAsync(int partitions = 4)
    {
        var store = new ChaosStore(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            store._epochs[partition] = (await store._log.OpenAsync(LogPartition.Events(partition), CancellationToken.None)).Epoch;
        }

        return store;
    }

    /// <summary>Appends a batch of events of one user.</summary>
    public Task AppendAsync(string user, params string[] titles) => AddAsync(user, [.. titles.Select(title => new LogEntry("default", user, new EngagementEvent
    {
        UserId = user,
        Type = EngagementType.Like,
        OccurredAt = Noon + (++_events * 60_000),
        EventId = $"e{_events}",
        TitleId = title,
        Country = _events % 2 == 0 ? "DE" : null,
    }))]);

    /// <summary>Appends an erasure.</summary>
    public Task EraseAsync(string user) => AddAsync(user, [new LogEntry("default", user, null)]);

    public int PartitionOf(string user) => PartitionHash.Of("default", user, Partitions);

    /// <summary>Stores everything as silos that end in order do: users, partitions, titles.</summary>
    public void StoreAll()
    {
        var titleIds = new TitleTable();
        var statistics = new Dictionary<string, TitleStatistics>(StringComparer.Ordinal);
        for (var partition = 0; partition < Partitions; partition++)
        {
            StoreSnapshot(partition);
            var state = Fold(partition, titleIds);
            foreach (var fold in state.Folds.Values)
            {
                for (var number = 0; number < fold.TitleCount; number++)
                {
                    var title = fold.Find(fold.IdOf(number))!;
                    if (!statistics.TryGetValue(title.TitleId, out var sum))
                    {
                        statistics[title.TitleId] = sum = new TitleStatistics();
                    }

                    sum.Take(partition, title.Version, title.Summarise());
                }
            }

            foreach (var user in _entries[partition].Select((entry, offset) => (entry, offset)).GroupBy(pair => pair.entry.UserKey))
            {
                var history = new EngagementHistory(titleIds);
                foreach (var (entry, _) in user)
                {
                    if (entry.Event is { } engagement)
                    {
                        history.Append(engagement);
                    }
                    else
                    {
                        history.Clear();
                    }
                }

                Users.Remove(user.Key);
                if (history.Count > 0)
                {
                    Users[user.Key] = new UserSnapshot { History = history.ToBytes(), Offset = user.Max(pair => pair.offset) };
                }
            }
        }

        foreach (var (title, sum) in statistics)
        {
            Titles[title] = TotalsOf(sum.Sum());
        }
    }

    /// <summary>Stores a partition's state in place of the older of its two.</summary>
    public void StoreSnapshot(int partition)
    {
        var state = Fold(partition, new TitleTable());
        var bytes = new ArrayBufferWriter<byte>();
        state.Write(state.NextOffset, bytes);
        var slots = Snapshots[partition];
        slots.Add(new PartitionSnapshot { State = bytes.WrittenSpan.ToArray(), NextOffset = state.NextOffset, TailFrom = state.NextOffset });
        if (slots.Count > 2)
        {
            slots.RemoveAt(0);
        }
    }

    /// <summary>Lets go of what is before an offset.</summary>
    public async Task TruncateAsync(int partition, long before) =>
        Assert.True(await _log.TruncateAsync(LogPartition.Events(partition), _epochs[partition], before, CancellationToken.None));

    public Task<IReadOnlyList<PartitionSnapshot>> ReadSnapshotsAsync(int partition)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("The store is away.");
        }

        return Task.FromResult<IReadOnlyList<PartitionSnapshot>>([.. Snapshots[partition]]);
    }

    public Task<IReadOnlyDictionary<string, UserSnapshot>> ReadUsersAsync() => Task.FromResult<IReadOnlyDictionary<string, UserSnapshot>>(Users);

    public Task<IReadOnlyDictionary<string, EngagementTotals>> ReadTitlesAsync() => Task.FromResult<IReadOnlyDictionary<string, EngagementTotals>>(Titles);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private static EngagementTotals TotalsOf(TitleSummary summary)
    {
        return new EngagementTotals
        {
            Counts = [.. summary.Counts],
            EventCount = summary.EventCount,
            Positives = summary.Positives,
            Verdicts = summary.Verdicts,
            Popularity = MessageOf(summary.Popularity),
            Countries = [.. summary.Countries.Select(country => new CountryPopularityMessage(country.Key, MessageOf(country.Value)))],
            FirstEventAt = summary.FirstEventAt,
            LastEventAt = summary.LastEventAt,
        };

        static PopularityMessage MessageOf(DecayedPopularity popularity)
        {
            var parts = new double[DecayedPopularity.HalfLives];
            popularity.CopyParts(parts);
            return new PopularityMessage(popularity.At, [.. parts]);
        }
    }

    private PartitionState Fold(int partition, TitleTable titles)
    {
        var state = new PartitionState(new PartitionStateOptions(), titles);
        foreach (var entry in _entries[partition])
        {
            state.Apply(entry, Noon);
        }

        return state;
    }

    private void NoteRead(LogPartition partition)
    {
        _read[partition] = true;
        if (_read.Count == Partitions)
        {
            _wasRead.TrySetResult();
        }
    }

    private async Task AddAsync(string user, IReadOnlyList<LogEntry> entries)
    {
        var partition = PartitionOf(user);
        var payload = new ArrayBufferWriter<byte>();
        LogEntryCodec.Encode(entries, Noon, payload);
        Assert.Equal(
            Marquee.Storage.Events.AppendOutcome.Appended,
            await _log.AppendAsync(LogPartition.Events(partition), _epochs[partition], _next[partition], new LogBatch(entries.Count, payload.WrittenMemory), CancellationToken.None));
        _next[partition] += entries.Count;
        _entries[partition].AddRange(entries);
    }

    /// <summary>Says when a partition has been read to its end.</summary>
    private sealed class FollowedLog(IPartitionLog log, Action<LogPartition> wasRead) : IPartitionLog
    {
        public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<Marquee.Storage.Events.AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var batch in log.ReadAsync(partition, from, cancellationToken))
            {
                yield return batch;
            }

            wasRead(partition);
        }
    }
}
