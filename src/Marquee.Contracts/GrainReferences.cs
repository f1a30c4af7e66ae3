namespace Marquee.Contracts;

/// <summary>Makes references to grains of one kind where one is needed per call.</summary>
/// <typeparam name="TGrain">The grain's interface; one grain class implements it.</typeparam>
/// <param name="grains">The cluster.</param>
/// <remarks>The factory's own way looks up the interface's attributes by reflection each time, which costs more than the call's dispatch. Thread-safe.</remarks>
public sealed class GrainReferences<TGrain>(IGrainFactory grains)
    where TGrain : class, IGrainWithStringKey
{
    private volatile Kind? _kind;

    /// <summary>The grain of a key.</summary>
    public TGrain Of(string key)
    {
        if (_kind is { } kind)
        {
            return (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);
        }

        var first = grains.GetGrain<TGrain>(key);
        if (first is GrainReference reference)
        {
            _kind = new Kind(reference.GrainId.Type, reference.InterfaceType);
        }

        return first;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
