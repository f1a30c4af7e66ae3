using System.Reflection;
using Marquee.Grains.Events;
using Orleans.Timers;

namespace Marquee.Tests.Simulation;

/// <summary>A product's grain on a simulated node: what Orleans gives a grain, over the simulation's clock and calls.</summary>
internal sealed class Activation : IGrainContext, IGrainRuntime, ITimerRegistry, IServiceProvider, IWorkItemScheduler
{
    private delegate void EnterContext(IGrainContext? context, out IGrainContext? before);

    /// <summary>Grains take their context from the thread that makes them.</summary>
    private static readonly EnterContext Enter = typeof(Grain).Assembly.GetType("Orleans.Runtime.RuntimeContext", throwOnError: true)!
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        .Single(method => method.Name == "SetExecutionContext" && method.GetParameters().Length == 2)
        .CreateDelegate<EnterContext>();

    private readonly SimulatedNode _node;
    private readonly Action<Activation> _ended;
    private readonly List<ITimer> _timers = [];
    private readonly Queue<Action> _turns = new();

    public Activation(SimulatedNode node, GrainId grainId, Func<SimulatedNode, Grain> create, Action<Activation> ended)
    {
        (_node, GrainId, _ended) = (node, grainId, ended);
        Enter(this, out var before);
        try
        {
            Grain = create(node);
        }
        finally
        {
            Enter(before, out _);
        }
    }

    public Grain Grain { get; }

    public SimulatedNode Node => _node;

    /// <summary>Whether calls still come here.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Completes when the grain has come up.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    public GrainId GrainId { get; }

    public IServiceProvider ActivationServices => this;

    public IGrainFactory GrainFactory => _node.Grains;

    public TimeProvider TimeProvider => _node.Time;

    public IServiceProvider ServiceProvider => this;

    public ITimerRegistry TimerRegistry => this;

    public object GrainInstance => Grain;

    public Task Deactivated => Task.CompletedTask;

    public IWorkItemScheduler Scheduler => this;

    /// <summary>Ends the activation: timers stop, calls find another one; what is under way goes on.</summary>
    public void End()
    {
        if (IsActive)
        {
            IsActive = false;
            _timers.ForEach(timer => timer.Dispose());
            _node.Machine.Run(() => _ = Grain.OnDeactivateAsync(new DeactivationReason(DeactivationReasonCode.None, "It ends."), CancellationToken.None));
            _ended(this);
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken) => End();

    public void DeactivateOnIdle(IGrainContext grainContext) => End();

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        var timer = _node.Time.CreateTimer(_ => callback(state, CancellationToken.None), null, options.DueTime, options.Period);
        _timers.Add(timer);
        return new GrainTimer(timer);
    }

    /// <summary>Turns are had in the order in which they were queued, each after a while.</summary>
    public void QueueAction(Action<object> action, object state)
    {
        if (state is ViewerTurn turn)
        {
            var (tenant, userId) = Marquee.Grains.GrainKeys.Parse(turn.Batch.UserKey);
            _node.Cluster.NoteHandedOver(tenant, userId, turn.Batch.ToMessages(), turn.Position);
        }

        _turns.Enqueue(() => action(state));
        _node.Cluster.Soon(() => _node.Machine.Run(_turns.Dequeue()));
    }

    public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(this) ? this : null;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    private static NotSupportedException Unused() => new("No grain that is simulated uses this.");

    GrainReference IGrainContext.GrainReference => throw Unused();

    ActivationId IGrainContext.ActivationId => throw Unused();

    GrainAddress IGrainContext.Address => throw Unused();

    IGrainLifecycle IGrainContext.ObservableLifecycle => throw Unused();

    void IWorkItemScheduler.QueueAction(Action action) => throw Unused();

    void IWorkItemScheduler.QueueTask(Task task) => throw Unused();

    string IGrainRuntime.SiloIdentity => throw Unused();

    SiloAddress IGrainRuntime.SiloAddress => throw Unused();

    object? Orleans.Serialization.Invocation.ITargetHolder.GetTarget() => throw Unused();

    object? Orleans.Serialization.Invocation.ITargetHolder.GetComponent(Type componentType) => throw Unused();

    void IGrainContext.SetComponent<TComponent>(TComponent? value)
        where TComponent : class => throw Unused();

    void IGrainContext.ReceiveMessage(object message) => throw Unused();

    void IGrainContext.Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken) => throw Unused();

    void IGrainContext.Rehydrate(IRehydrationContext context) => throw Unused();

    void IGrainContext.Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken) => throw Unused();

    void IGrainRuntime.DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) => throw Unused();

    Orleans.Core.IStorage<TGrainState> IGrainRuntime.GetStorage<TGrainState>(IGrainContext grainContext) => throw Unused();

    IDisposable ITimerRegistry.RegisterTimer(IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period) => throw Unused();
    private sealed class GrainTimer(ITimer timer) : IGrainTimer
    {
        public void Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose() => timer.Dispose();
    }
}
