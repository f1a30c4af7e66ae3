using System.Collections.Immutable;
using Marquee.Grains.Titles;
using Orleans.Metadata;

namespace Marquee.Grains.Operations;

/// <summary>Knows which silos read packed messages: each says so of itself, and those of an older build do not.</summary>
public sealed class PackedForms(IClusterManifestProvider manifests)
{
    /// <summary>What the silos said when they were last looked at: they change seldom, and every batch asks.</summary>
    private volatile Sayings _newest = new(MajorMinorVersion.MinValue, [], false);

    /// <summary>Whether all silos do: then it does not matter on which of them a grain is.</summary>
    public bool AreKnownToAll => Newest().All;

    /// <summary>Whether a silo does; false of one that has not said anything yet.</summary>
    public bool AreKnownTo(SiloAddress silo) => Newest().Silos.Contains(silo);

    private Sayings Newest()
    {
        var manifest = manifests.Current;
        var newest = _newest;
        if (newest.Version != manifest.Version)
        {
            var silos = manifest.Silos.Where(silo => KnowsPackedFormsAttribute.IsSaidBy(silo.Value)).Select(silo => silo.Key).ToImmutableHashSet();
            _newest = newest = new Sayings(manifest.Version, silos, silos.Count == manifest.Silos.Count);
        }

        return newest;
    }

    private sealed record Sayings(MajorMinorVersion Version, ImmutableHashSet<SiloAddress> Silos, bool All);
}

/// <summary>Has a silo say to the others that it reads packed messages, by a property of one of its grains' types.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KnowsPackedFormsAttribute : Attribute, IGrainPropertiesProviderAttribute
{
    private const string Key = "marquee-packed-forms";

    /// <inheritdoc/>
    public void Populate(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) => properties[Key] = "1";

    /// <summary>Whether a silo's manifest says so.</summary>
    public static bool IsSaidBy(GrainManifest silo) => silo.Grains.TryGetValue(TitleGrain.Type, out var title) && title.Properties.ContainsKey(Key);
}
