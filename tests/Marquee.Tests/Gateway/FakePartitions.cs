using System.Collections.Concurrent;
using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;

namespace Marquee.Tests.Gateway;

/// <summary>Partitions that keep what they accept in memory; a test can make each of them fail.</summary>
internal sealed class FakePartitions
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = [];
    private readonly Dictionary<int, long> _offsets = [];

    /// <summary>What was appended, in order.</summary>
    public List<EngagementMessage> Log { get; } = [];

    /// <summary>How often something was to be appended.</summary>
    public int Appends { get; private set; }

    /// <summary>Users that were erased.</summary>
    public List<string> Erased { get; } = [];

    /// <summary>The offset that every erasure gets.</summary>
    public long ErasureOffset { get; set; }

    /// <summary>Makes a partition answer something else; throwing makes it fail.</summary>
    public ConcurrentDictionary<int, Func<Task<AppendResult>>> Failures { get; } = new();

    public static AppendResult Refusal(AppendOutcome outcome, string? reason = null) => new(outcome, 0, 0, default, reason);

    public Func<int, ChangedNeighbours> Changed { get; set; } = _ => throw new NotSupportedException();

    /// <summary>One title's one neighbour.</summary>
    public static TitleShareMessage TitleShare(int partition) => new() { Partition = partition, Version = 1, CommittedAt = 1, Totals = new EngagementTotals { Counts = [1], EventCount = 1, Positives = 0, Verdicts = 0, Popularity = new PopularityMessage(1, []), FirstEventAt = 1, LastEventAt = 1 } };

    public static NeighbourShareMessage Share(string neighbour) => new([neighbour], [1], [0], [1], [1]);

    internal sealed class Partition(FakePartitions all, int number) : IEventPartitionGrain
    {
        public Task<AppendResult> Append(string tenant, ImmutableArray<EngagementMessage> events)
        {
            if (all.Failures.TryGetValue(number, out var fail))
            {
                return fail();
            }

            lock (all._lock)
            {
                all.Appends++;
                var fresh = events.Where(message => all._known.Add($"{tenant}/{message.UserId}/{message.EventId}")).ToList();
                all.Log.AddRange(fresh);
                var next = all._offsets[number] = all._offsets.GetValueOrDefault(number) + fresh.Count;
                return Task.FromResult(new AppendResult(AppendOutcome.Accepted, fresh.Count, events.Length - fresh.Count, new LogPosition(number, 1, next - 1), null));
            }
        }

        public Task<AppendResult> EraseUser(string tenant, string userId)
        {
            if (all.Failures.TryGetValue(number, out var fail))
            {
                return fail();
            }

            all.Erased.Add($"{tenant}/{userId}");
            return Task.FromResult(new AppendResult(AppendOutcome.Accepted, 1, 0, new LogPosition(number, 1, all.ErasureOffset), null));
        }

        public Task<UserTail> ReadUserTail(string tenant, string userId, long after) => throw new NotSupportedException();

        public async Task<ChangedNeighbours> TakeChangedNeighbours(string tenant, long? since, int most)
        {
            await Task.CompletedTask;
            return all.Changed(number);
        }

        public Task<NeighbourShareMessage> ReadNeighbours(string tenant, ImmutableArray<string> titleIds) => Task.FromResult(Share("here"));

        public Task<ImmutableArray<TitleShareMessage?>> ReadTitles(string tenant, ImmutableArray<string> titleIds) => Task.FromResult<ImmutableArray<TitleShareMessage?>>([.. titleIds.Select(_ => TitleShare(number))]);

        public Task<PartitionStatus> GetStatus() => throw new NotSupportedException();

        public Task Checkpoint() => throw new NotSupportedException();
    }
}
