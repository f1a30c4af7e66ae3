namespace Marquee.Cluster.Tests.Grains;

/// <summary>Calls between grains that can be told to fail, as those to a silo that went away do, to wait, or to be answered otherwise.</summary>
internal sealed class FaultyCalls : IOutgoingGrainCallFilter
{
    private volatile Func<IOutgoingGrainCallContext, bool>? _fails;
    private volatile Func<IOutgoingGrainCallContext, bool>? _waits;
    private volatile Func<IOutgoingGrainCallContext, bool>? _changes;
    private Func<object, object>? _change;
    private Gate? _gate;

    /// <summary>Fails the calls of methods of a grain interface until what it answers is disposed; nothing of them arrives.</summary>
    public IDisposable Fail<TGrain>(params string[] methods)
    {
        _fails = CallsOf<TGrain>(methods);
        return new Undoing(() => _fails = null);
    }

    /// <summary>Changes what a method of a grain interface answers until what it answers is disposed.</summary>
    public IDisposable Change<TGrain, TAnswer>(string method, Func<TAnswer, TAnswer> change)
        where TAnswer : class
    {
        _change = answer => change((TAnswer)answer);
        _changes = CallsOf<TGrain>(method);
        return new Undoing(() => _changes = null);
    }

    /// <summary>Keeps the calls of a method of a grain interface waiting until what it answers is disposed.</summary>
    public Gate Hold<TGrain>(string method)
    {
        _gate = new Gate();
        _waits = CallsOf<TGrain>(method);
        return _gate;
    }

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (_fails?.Invoke(context) == true)
        {
            throw new TimeoutException("The call was made to fail.");
        }

        if (_waits?.Invoke(context) == true)
        {
            await _gate!.Pass();
        }

        await context.Invoke();
        if (_changes?.Invoke(context) == true)
        {
            context.Result = _change!(context.Result!);
        }
    }

    private static Func<IOutgoingGrainCallContext, bool> CallsOf<TGrain>(params string[] methods) =>
        call => call.InterfaceName.EndsWith(typeof(TGrain).Name, StringComparison.Ordinal) && methods.Contains(call.MethodName);

    private sealed class Undoing(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
