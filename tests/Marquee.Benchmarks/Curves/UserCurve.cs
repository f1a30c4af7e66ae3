using Marquee.Benchmarks.Results;
using Marquee.Engine.Events;
using PartitionHash = Marquee.Contracts.Events.PartitionHash;

namespace Marquee.Benchmarks.Curves;

/// <summary>The fold of 64 partitions by known users: what an event costs, and what the state takes.</summary>
internal static class UserCurve
{
    private const int Partitions = 64;
    private const int Titles = 10_000;
    private const int EventsEach = 3;
    private const int Measured = 100_000;

    public static void Run(Report report)
    {
        report.Note($"{Partitions} partitions, {Titles:N0} titles, {EventsEach} events per user before; then {Measured:N0} events of random users are folded, one thread, the fastest of 3 rounds. Bytes of the partitions' state: what is known of users and titles, the duplicate window and the tail of these events.");
        var cost = new List<(double, double)>();
        var bytes = new List<(double, double)>();
        foreach (var users in (int[])[1_000, 10_000, 100_000, 1_000_000])
        {
            Report.Progress($"{users:N0} users");
            var (microseconds, heap) = Measure(users);
            report.Add(new ResultRow($"fold of an event, {users:N0} users", microseconds, "µs"));
            report.Add(new ResultRow($"state of the partitions, {users:N0} users", heap / 1e6, "MB"));
            cost.Add((users, microseconds));
            bytes.Add((users, heap / 1e6));
        }

        CurvePlot.Draw("users-cost", "Fold of one event", "users", "µs", ("fold of an event", [.. cost]));
        CurvePlot.Draw("users-memory", "State of all partitions", "users", "MB", ("state", [.. bytes]));
    }

    private static (double Microseconds, double Bytes) Measure(int users)
    {
        var world = new GeneratedWorld(9);
        var before = FastestOf.HeapBytes();
        PartitionState[] states = [.. Enumerable.Range(0, Partitions).Select(_ => new PartitionState(new PartitionStateOptions()))];
        var id = 0;
        for (var each = 0; each < EventsEach; each++)
        {
            for (var user = 0; user < users; user++)
            {
                Apply(states, world.Event($"{id++}", $"user-{user}", Titles, GeneratedWorld.Now + id));
            }
        }

        foreach (var state in states)
        {
            // As a checkpoint does.
            state.Tail.TrimBefore(state.NextOffset);
        }

        var heap = FastestOf.HeapBytes() - before;
        var random = new Random(10);
        EngagementEvent[] events = [.. Enumerable.Range(0, Measured).Select(i => world.Event($"m{i}", $"user-{random.Next(users)}", Titles, GeneratedWorld.Now + i))];
        return (FastestOf.Rounds(3, Measured, i => Apply(states, events[i])), heap);
    }

    private static void Apply(PartitionState[] states, EngagementEvent engagement) =>
        states[PartitionHash.Of("default", engagement.UserId, Partitions)].Apply(new LogEntry("default", engagement.UserId, engagement), GeneratedWorld.Now);
}
