namespace Marquee.Cluster.Tests.Grains;

/// <summary>Calls between grains that can be told to fail, as those to a silo that went away do, or to wait.</summary>
internal sealed class FaultyCalls : IOutgoingGrainCallFilter
{
    private volatile Func<IOutgoingGrainCallContext, bool>? _fails;
    private volatile Func<IOutgoingGrainCallContext, bool>? _waits;
    private Gate? _gate;

    /// <summary>Fails the calls of a method of a grain interface until what it answers is disposed; nothing of them arrives.</summary>
    public IDisposable Fail<TGrain>(string method)
    {
        _fails = CallsOf<TGrain>(method);
        return new Failing(this);
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
    }

    private static Func<IOutgoingGrainCallContext, bool> CallsOf<TGrain>(string method) =>
        call => call.InterfaceName.EndsWith(typeof(TGrain).Name, StringComparison.Ordinal) && call.MethodName == method;

    private sealed class Failing(FaultyCalls calls) : IDisposable
    {
        public void Dispose() => calls._fails = null;
    }
}
