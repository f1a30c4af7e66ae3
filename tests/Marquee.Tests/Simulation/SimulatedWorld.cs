using Marquee.Engine.Events;
using MarqueeOptions = Marquee.Grains.MarqueeOptions;

namespace Marquee.Tests.Simulation;

/// <summary>One run: silos, a store and clients on one thread, in simulated time, with the faults of a seed; then healing, then judgement.</summary>
internal sealed class SimulatedWorld
{
    private const int NodeCount = 2;
    private const int ProducerCount = 4;
    private static readonly TimeSpan HealingMost = TimeSpan.FromMinutes(10);

    private readonly SimulatedStore _store;
    private readonly Nemesis _nemesis;
    private readonly RecoveryCheck _recoveries;
    private readonly Machine _clients;
    private readonly List<string> _violations = [];
    private readonly List<Producer> _producers = [];
    private readonly Viewer _viewer;
    private readonly SimulatedTime _clientTime;
    private readonly Workload _calmWorkload;

    public SimulatedWorld(long seed, FaultRates? rates = null)
    {
        Seed = seed;
        Trace = new Trace(Loop);
        Faults = new Faults(seed, Trace);
        var chance = Faults.ChanceOf("world");
        rates ??= FaultRates.Draw(chance);
        Options = OptionsOf(chance);
        _store = new SimulatedStore(new SimulatedDisk(Faults, rates, Trace), Loop, Trace);
        _recoveries = new RecoveryCheck(_store, Options.Partitions, Loop);
        Cluster = new SimulatedCluster(Loop, _store, Faults, rates, Options, _recoveries, History, Trace);
        _nemesis = new Nemesis(Loop, Cluster, _store, _recoveries, Faults, NodeCount, Trace, TimeSpan.FromSeconds(.3 + (2 * chance.NextDouble())));
        _clients = new Machine(Loop);
        _clientTime = new SimulatedTime(Loop, _clients);
        for (var i = 0; i < ProducerCount; i++)
        {
            var stream = Faults.ChanceOf($"producer {i}");
            _producers.Add(new Producer(Cluster, History, new Workload(stream, i, _clientTime, Options.PartitionCount), stream, _clientTime, Trace));
        }

        var reading = Faults.ChanceOf("viewer");
        _viewer = new Viewer(Cluster, History, _producers, new Workload(reading, ProducerCount, _clientTime, Options.PartitionCount), reading, _clientTime, Trace);
        _calmWorkload = new Workload(Faults.ChanceOf("calm"), ProducerCount + 1, _clientTime, Options.PartitionCount);
        while (Cluster.Nodes.Count < NodeCount)
        {
            Cluster.Start();
        }
    }

    public long Seed { get; }

    public EventLoop Loop { get; } = new();

    public Trace Trace { get; }

    public Faults Faults { get; }

    public MarqueeOptions Options { get; }

    public SimulatedCluster Cluster { get; }

    public SimulatedStore Store => _store;

    public Nemesis Nemesis => _nemesis;

    public RunHistory History { get; } = new();

    public Producer FirstProducer => _producers[0];

    /// <summary>What may not be; empty for a good run.</summary>
    public IReadOnlyList<string> Violations => _violations;

    public int StatesCompared => _recoveries.Compared;

    /// <summary>The log from its beginning.</summary>
    public SortedDictionary<int, List<PlacedEntry>> Log() => new(Enumerable.Range(0, Options.PartitionCount)
        .ToDictionary(number => number, number => _store.Full.EntriesOf(Marquee.Storage.Events.LogPartition.Events(number)).ToList()));

    /// <summary>Runs, heals and judges.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Loop.Now + duration;
        var work = new List<Task>();
        _clients.Run(() =>
        {
            work.AddRange(_producers.Select(producer => producer.Run(() => Loop.Now >= end)));
            work.Add(_viewer.Run(() => Loop.Now >= end));
        });
        _nemesis.Begin();
        Loop.RunUntil(() => Loop.Now >= end, duration);
        Faults.AreOn = false;
        _nemesis.Heal();
        Expect(Loop.RunUntil(() => work.TrueForAll(task => task.IsCompleted), HealingMost), "Clients still wait for answers long after everything healed.");
        work.ForEach(task => Expect(!task.IsFaulted, $"A client failed: {task.Exception}"));

        // What was evicted has ended, and what was under way has arrived.
        Loop.RunUntil(() => false, TimeSpan.FromSeconds(40));
        Judge();

        // And once more from the store alone.
        RestartNodes();
        Judge();
        _violations.AddRange(_recoveries.Violations);
    }

    /// <summary>The next thing to send; no erasure.</summary>
    public Shipment Draw()
    {
        Shipment drawn;
        do
        {
            drawn = _calmWorkload.Next();
        }
        while (drawn.Messages.IsEmpty);
        return drawn;
    }

    /// <summary>Kills all nodes and starts as many.</summary>
    public void RestartNodes()
    {
        foreach (var node in Cluster.Nodes.ToArray())
        {
            Cluster.Kill(node, TimeSpan.Zero);
        }

        while (Cluster.Nodes.Count < NodeCount)
        {
            Cluster.Start();
        }
    }

    /// <summary>Waits in simulated time for what clients do.</summary>
    public T Await<T>(Func<Task<T>> work)
    {
        Task<T> task = null!;
        _clients.Run(() => task = work());
        return Loop.RunUntil(() => task.IsCompleted, HealingMost) ? task.GetAwaiter().GetResult() : throw new TimeoutException("No answer in the simulated time.");
    }

    /// <summary>What to print when a run was not good.</summary>
    public string Explain() =>
        $"""
        Seed {Seed}: {_violations.Count} violations. Run it again with {SimulationTests.SeedVariable}={Seed} (it runs alone then).
        {string.Join('\n', _violations.Take(12))}
        The newest of {Trace.Lines} lines:
        {string.Join('\n', Trace.Newest)}
        """;

    private static MarqueeOptions OptionsOf(Random chance) => new()
    {
        PartitionCount = 2,
        IsClustered = true,
        MostWaitingEvents = 48,
        MostEventsPerFlush = 16 + chance.Next(32),
        CheckpointEvents = 40 + chance.Next(400),
        CheckpointInterval = TimeSpan.FromSeconds(3 + chance.Next(60)),

        // Titles are handed to grains that are no part of the simulation.
        TitleInterval = TimeSpan.FromDays(30),
        Partitions = new PartitionStateOptions
        {
            // In some worlds the window is so small that ids fall out of it, by count and by time.
            DuplicateCapacity = chance.Next(3) == 0 ? 64 + chance.Next(512) : 65_536,
            DuplicateAge = chance.Next(3) == 0 ? TimeSpan.FromSeconds(5 + chance.Next(4_000)) : TimeSpan.FromDays(1),
            NeighbourCapacity = 4 + chance.Next(29),
        },
    };

    private void Judge()
    {
        for (var number = 0; number < Options.PartitionCount; number++)
        {
            JudgePartition(number);
        }

        var log = Log();
        foreach (var user in log.Values.SelectMany(entries => entries).Select(placed => placed.Entry).DistinctBy(entry => entry.UserKey).ToArray())
        {
            var newest = log[Marquee.Contracts.Events.PartitionHash.Of(user.Tenant, user.UserId, Options.PartitionCount)].FindLast(placed => placed.Entry.UserKey == user.UserKey);
            var position = new Marquee.Contracts.Events.LogPosition(int.Parse(newest.Partition["events/".Length..]), newest.Epoch, newest.Offset);

            // Without a token first: whoever was not told in time has been told by now.
            var read = Await(() => _viewer.Read(user.Tenant, user.UserId, after: null));
            Expect(read is { IsDegraded: false } && read.Position.Offset >= newest.Offset, $"{user.UserKey} is at {read?.Position}, and not at {position}, after everything healed.");
            Expect(Await(() => _viewer.Read(user.Tenant, user.UserId, position)) is { IsDegraded: false }, $"{user.UserKey} cannot be read up to {position} after everything healed.");
        }

        _violations.AddRange(RunChecker.Check(History, Log(), Options.Partitions));
    }

    private void JudgePartition(int number)
    {
        var chance = Faults.ChanceOf($"fresh {number} {Trace.Lines}");
        var workload = new Workload(chance, 1_000 + (int)(Trace.Lines % 1_000_000), _clientTime, Options.PartitionCount);
        Shipment fresh;
        do
        {
            fresh = workload.Next();
        }
        while (fresh.Partition != number || fresh.Messages.IsEmpty);

        Expect(Await(() => _producers[0].Send(fresh, attemptsMost: 12)), $"Partition {number} takes nothing after everything healed.");
        var id = SimulatedCluster.PartitionId(number);
        Loop.RunUntil(() => false, TimeSpan.FromSeconds(15));
        if (Cluster.Find(id) is not { Ready.IsCompletedSuccessfully: true } activation)
        {
            _violations.Add($"Partition {number} is not open after everything healed.");
            return;
        }

        var partition = SimulatedCluster.OpenPartitionOf(activation);
        _recoveries.Opened(partition);
        _recoveries.CheckCounters(partition);
        var status = Await(() => new SimulatedGrains(Cluster, activation.Node).GetGrain<Marquee.Contracts.Events.IEventPartitionGrain>(number).GetStatus());
        Expect(status is { State: "open", UndeliveredUsers: 0 }, $"Partition {number} is {status.State}, and {status.UndeliveredUsers} users have not been told, after everything healed.");
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add(violation);
        }
    }
}
