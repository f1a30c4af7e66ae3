using Marquee.Grains.Users;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;

namespace Marquee.Grains.Operations;

/// <summary>Tells every other silo that takes part in the cluster of an erasure.</summary>
/// <remarks>
/// Invariant: when it has been told, nobody gives an answer from before any more. Whoever takes part has said so. Whoever joins
/// later has given no answer before. And whoever left without having been told gives none since <see cref="MemberStanding.Holds"/>
/// after it left, whether it knows that or not: so long the telling waits.
/// </remarks>
internal sealed class PeerErasures(
    IClusterMembershipService membership, IClusterManifestProvider manifests, ILocalSiloDetails silo, TimeProvider time, ILogger<PeerErasures> logger)
{
    private static readonly TimeSpan TellTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private HashSet<SiloAddress> _active = [];

    /// <summary>When a silo was last found to have left; before the first look one may have.</summary>
    private long _leftAt = time.GetTimestamp();

    /// <summary>Completes when every silo that takes part was told, and those that left are known to be silent.</summary>
    /// <param name="tell">Tells one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up before.</exception>
    public async Task Tell(Func<SiloAddress, Task> tell, CancellationToken cancellationToken)
    {
        var told = new HashSet<SiloAddress>();
        while (!await TellOnce(tell, told, cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        if (MemberStanding.Holds - SinceOneLeft() is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    private async Task<bool> TellOnce(Func<SiloAddress, Task> tell, HashSet<SiloAddress> told, CancellationToken cancellationToken)
    {
        if (!await TryReadMembers(cancellationToken))
        {
            return false;
        }

        var peers = membership.CurrentSnapshot.ActiveBut(silo.SiloAddress).Where(peer => !told.Contains(peer) && Understands(peer)).ToArray();
        var answers = await Task.WhenAll(peers.Select(peer => TryTell(tell, peer, cancellationToken)));
        told.UnionWith(peers.Where((_, i) => answers[i]));
        return answers.All(answered => answered);
    }

    private async Task<bool> TryReadMembers(CancellationToken cancellationToken)
    {
        try
        {
            await membership.ReadAnew(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The members cannot be read to tell them of an erasure; trying again");
            return false;
        }

        lock (_lock)
        {
            var active = membership.CurrentSnapshot.Active().ToHashSet();
            if (!_active.IsSubsetOf(active))
            {
                _leftAt = time.GetTimestamp();
            }

            _active = active;
        }

        return true;
    }

    private async Task<bool> TryTell(Func<SiloAddress, Task> tell, SiloAddress peer, CancellationToken cancellationToken)
    {
        try
        {
            await tell(peer).WaitAsync(TellTimeout, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation(exception, "Silo {Peer} could not be told of an erasure; trying again", peer);
            return false;
        }
    }

    /// <summary>False of a silo of a build that cannot be told. One that has not said anything yet is told.</summary>
    private bool Understands(SiloAddress peer) => !manifests.Current.Silos.TryGetValue(peer, out var manifest) || ForgetsErasedAttribute.IsSaidBy(manifest);

    private TimeSpan SinceOneLeft()
    {
        lock (_lock)
        {
            return time.GetElapsedTime(_leftAt);
        }
    }
}

/// <summary>Has a silo say to the others that it can be told of erasures, by a property of one of its grains' types.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ForgetsErasedAttribute : Attribute, IGrainPropertiesProviderAttribute
{
    private const string Key = "marquee-forgets-erased";

    /// <inheritdoc/>
    public void Populate(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) => properties[Key] = "1";

    /// <summary>Whether a silo's manifest says so.</summary>
    public static bool IsSaidBy(GrainManifest silo) => silo.Grains.TryGetValue(UserGrain.Type, out var user) && user.Properties.ContainsKey(Key);
}
