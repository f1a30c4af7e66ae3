using Orleans.Concurrency;

namespace Marquee.Contracts.Models;

/// <summary>Knows the kept versions of a tenant's ranking model and which of them ranks. Key: the tenant.</summary>
/// <remarks>Never carries a model: the silos read those from the store.</remarks>
[Alias("marquee.IModelRegistryGrain")]
public interface IModelRegistryGrain : IGrainWithStringKey
{
    /// <summary>The kept versions.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("List")]
    Task<ModelList> List();

    /// <summary>The kept versions, as soon as they are others than those of a sequence number, or after a time.</summary>
    /// <param name="sequence">What the caller knows; −1 for nothing.</param>
    /// <param name="wait">At most ten seconds.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:20"), Alias("WaitForChange")]
    Task<ModelList> WaitForChange(long sequence, TimeSpan wait);

    /// <summary>Makes a stored model a version, and the one that ranks.</summary>
    /// <param name="version">The version; what it replaced is what ranked when it was judged.</param>
    [ResponseTimeout("00:00:30"), Alias("Register")]
    Task<ModelChange> Register(ModelVersion version);

    /// <summary>Ranks with a kept version again.</summary>
    /// <param name="version">Which; null for the one that served before the current one.</param>
    [ResponseTimeout("00:00:30"), Alias("RollBack")]
    Task<ModelChange> RollBack(string? version);
}

/// <summary>Judges and publishes models on the silo that it is called on; stateless. Key: 0.</summary>
[Alias("marquee.IModelPublisherGrain")]
public interface IModelPublisherGrain : IGrainWithIntegerKey
{
    /// <summary>Publishes a model, unless it ranks the last day of the stream worse than the one that it would replace.</summary>
    /// <param name="model">A model file. Not copied: the call stays on the silo.</param>
    /// <param name="force">Publish it even if it is worse.</param>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("Publish")]
    Task<ModelChange> Publish(System.Collections.Immutable.ImmutableArray<byte> model, bool force);

    /// <summary>Waits until this silo ranks with what the registry held at a sequence number; false when it does not in time.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:20"), Alias("WaitForSequence")]
    Task<bool> WaitForSequence(long sequence, TimeSpan wait);
}

/// <summary>How a change of the model ended.</summary>
[GenerateSerializer, Alias("marquee.model-outcome")]
public enum ModelOutcome : byte
{
    /// <summary>The version ranks now.</summary>
    Done = 0,

    /// <summary>The bytes are no model that this program ranks with.</summary>
    NotAModel = 1,

    /// <summary>It ranks worse than the one that it would replace.</summary>
    Worse = 2,

    /// <summary>A kept version has its name.</summary>
    VersionTaken = 3,

    /// <summary>Another model was published since this one was judged.</summary>
    Overtaken = 4,

    /// <summary>Another model is being judged on this node.</summary>
    Busy = 5,

    /// <summary>There is no such version, or none to roll back to.</summary>
    NoSuchVersion = 6,

    /// <summary>It could not be judged or stored; nothing was changed.</summary>
    Unavailable = 7,
}

/// <summary>What came of a change of the model.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Current">The version that ranks now.</param>
/// <param name="Version">The version in question; null when there is none.</param>
/// <param name="Sequence">The registry's sequence number after it.</param>
/// <param name="Reason">Why not, for people; null when it is done.</param>
[GenerateSerializer, Immutable, Alias("marquee.model-change")]
public sealed record ModelChange(
    [property: Id(0)] ModelOutcome Outcome,
    [property: Id(1)] string Current,
    [property: Id(2)] ModelVersion? Version,
    [property: Id(3)] long Sequence,
    [property: Id(4)] string? Reason);
