using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Marquee.Contracts.Events;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using MarqueeOptions = Marquee.Grains.MarqueeOptions;

namespace Marquee.Tests.Simulation;

/// <summary>Silos that share a store: which grain is active where, and the calls between them. As with Orleans, no directory guarantees that there is one activation only.</summary>
internal sealed class SimulatedCluster(
    EventLoop loop, SimulatedStore store, Faults faults, FaultRates rates, MarqueeOptions options, RecoveryCheck recoveries, RunHistory history, Trace trace)
{
    private static readonly TimeSpan ActivationTimeout = TimeSpan.FromSeconds(30);
    private static readonly GrainType PartitionType = GrainType.Create("event-partition");
    private static readonly GrainType UserType = GrainType.Create("user");

    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly Dictionary<GrainId, Activation> _directory = [];
    private readonly Random _chance = faults.ChanceOf("calls");
    private long _membershipVersion = 1;
    private int _starts;

    public List<SimulatedNode> Nodes { get; } = [];

    public MarqueeOptions Options => options;

    /// <summary>Counted, and not looked at.</summary>
    public NodeMetrics Metrics { get; } = new(Meters, TimeProvider.System);

    public static GrainId PartitionId(long number) => GrainId.Create(PartitionType, GrainIdKeyExtensions.CreateIntegerKey(number));

    public static GrainId UserId(string key) => GrainId.Create(UserType, key);

    public static OpenPartition OpenPartitionOf(Activation activation) => PartitionField((EventPartitionGrain)activation.Grain);

    /// <summary>Where the directory says that a grain is active.</summary>
    public Activation? Find(GrainId id) => _directory.GetValueOrDefault(id);

    public SimulatedNode Start()
    {
        var name = $"node-{++_starts}";
        var node = new SimulatedNode(name, loop, new StoreLink(store, loop, faults, rates, faults.ChanceOf($"{name} to store")), store, this, options);
        Nodes.Add(node);
        trace.Note($"{name} starts");
        ChangeMembers();
        return node;
    }

    /// <summary>The process is gone; the others find out after a while.</summary>
    public void Kill(SimulatedNode node, TimeSpan foundOutAfter)
    {
        trace.Note($"{node.Name} dies");
        node.Machine.Kill();
        Nodes.Remove(node);
        loop.After(foundOutAfter, () => Forget(node));
    }

    /// <summary>A node that the others count on; null when there is none.</summary>
    public SimulatedNode? AnyMember(Random chance)
    {
        var members = Nodes.Where(node => !node.IsEvicted).ToArray();
        return members.Length == 0 ? null : members[chance.Next(members.Length)];
    }

    /// <summary>The directory takes a node for dead, whether it is or not: its grains come up elsewhere.</summary>
    public void Forget(SimulatedNode node)
    {
        node.IsEvicted = true;
        foreach (var id in _directory.Where(entry => entry.Value.Node == node).Select(entry => entry.Key).ToArray())
        {
            _directory.Remove(id);
        }

        ChangeMembers();
    }

    /// <summary>The directory forgets one grain, whose activation does not know.</summary>
    public void Forget(GrainId id) => _directory.Remove(id);

    public async Task<T> Call<TGrain, T>(SimulatedNode? from, GrainId id, TimeSpan timeout, Func<TGrain, Task<T>> work)
    {
        var answer = new TaskCompletionSource<T>();
        loop.After(timeout, () => answer.TrySetException(new TimeoutException($"{id} does not answer.")));
        if (!faults.Happens(_chance, rates.CallRequestLost, "call lost"))
        {
            loop.After(Latency(), () => Deliver(from, id, work, answer));
        }
        else
        {
            Break(answer);
        }

        return await answer.Task;
    }

    /// <summary>Does something within a process a little later.</summary>
    public void Soon(Action work) => loop.After(Latency(), work);

    /// <summary>Notes what a partition says about offsets, for the check that no offset ever means two things.</summary>
    public void NoteHandedOver(string tenant, string userId, ImmutableArray<LoggedEvent> events, LogPosition position)
    {
        foreach (var logged in events)
        {
            history.HandedOver(position.Partition, logged.Offset, EventKey.Of(tenant, userId, logged.Event?.EventId));
        }
    }

    private void Deliver<TGrain, T>(SimulatedNode? from, GrainId id, Func<TGrain, Task<T>> work, TaskCompletionSource<T> answer)
    {
        if (Locate(from, id) is not { } activation)
        {
            return;
        }

        activation.Node.Machine.Run(() => _ = Handle(activation, work, answer));
    }

    private async Task Handle<TGrain, T>(Activation activation, Func<TGrain, Task<T>> work, TaskCompletionSource<T> answer)
    {
        Action reply;
        try
        {
            await activation.Ready;
            var result = await work((TGrain)(object)activation.Grain);
            reply = () => answer.TrySetResult(result);
        }
        catch (Exception exception)
        {
            if (exception is InconsistentStateException && activation.Ready.IsCompletedSuccessfully)
            {
                // As Orleans does: the grain's picture of its state is not to be trusted any more.
                activation.End();
            }

            trace.Note($"{activation.GrainId} on {activation.Node.Name} fails: {exception.GetType().Name}");
            reply = () => answer.TrySetException(exception);
        }

        if (!faults.Happens(_chance, rates.CallAnswerLost, "answer lost"))
        {
            loop.After(Latency(), reply);
        }
        else
        {
            Break(answer);
        }
    }

    /// <summary>Mostly it shows that a connection broke; otherwise the caller waits for its time-out.</summary>
    private void Break<T>(TaskCompletionSource<T> answer)
    {
        if (_chance.Next(5) > 0)
        {
            loop.After(Latency(), () => answer.TrySetException(new TimeoutException("The connection broke.")));
        }
    }

    /// <summary>The activation that a call goes to: the caller's own if it has one, else what the directory says, else a new one.</summary>
    private Activation? Locate(SimulatedNode? from, GrainId id)
    {
        if (from?.Active.GetValueOrDefault(id) is { } own)
        {
            return own;
        }

        if (_directory.TryGetValue(id, out var known))
        {
            return known;
        }

        if (AnyMember(_chance) is not { } node)
        {
            return null;
        }

        if (node.Active.TryGetValue(id, out var forgotten))
        {
            return _directory[id] = forgotten;
        }

        var isPartition = id.Type == PartitionType;
        var activation = new Activation(node, id, isPartition ? SimulatedNode.CreatePartition : SimulatedNode.CreateUser, Ended);
        _directory[id] = node.Active[id] = activation;
        node.Machine.Run(() => activation.Ready = Activate(activation, isPartition));
        return activation;
    }

    private async Task Activate(Activation activation, bool isPartition)
    {
        try
        {
            await Task.Yield();
            using var timeout = new CancellationTokenSource(ActivationTimeout, activation.Node.Time);
            await activation.Grain.OnActivateAsync(timeout.Token);
            trace.Note($"{activation.GrainId} comes up on {activation.Node.Name}");
            if (isPartition)
            {
                recoveries.Opened(OpenPartitionOf(activation));
            }
        }
        catch (Exception exception)
        {
            trace.Note($"{activation.GrainId} on {activation.Node.Name} does not come up: {exception.Message}");
            recoveries.Failed(exception);
            activation.End();
            throw;
        }
    }

    private void Ended(Activation activation)
    {
        activation.Node.Active.Remove(activation.GrainId);
        if (_directory.TryGetValue(activation.GrainId, out var known) && known == activation)
        {
            _directory.Remove(activation.GrainId);
        }
    }

    private void ChangeMembers()
    {
        _membershipVersion++;
        foreach (var node in Nodes)
        {
            node.MembershipVersion = _membershipVersion;
        }
    }

    private TimeSpan Latency()
    {
        var delay = TimeSpan.FromMicroseconds(20 + _chance.Next(400));
        return faults.Happens(_chance, rates.CallSlow, Faults.CallLate) ? delay + TimeSpan.FromSeconds(6 * Math.Pow(_chance.NextDouble(), 8)) : delay;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_partition")]
    private static extern ref OpenPartition PartitionField(EventPartitionGrain grain);
}
