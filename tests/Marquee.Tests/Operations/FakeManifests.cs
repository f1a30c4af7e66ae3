using System.Collections.Immutable;
using Marquee.Grains.Operations;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Orleans.Metadata;

namespace Marquee.Tests.Operations;

/// <summary>What the silos of a cluster say of their grains.</summary>
internal sealed class FakeManifests : IClusterManifestProvider
{
    /// <summary>Of a cluster whose silos all read packed messages.</summary>
    public static PackedForms AllKnow(params SiloAddress[] silos)
    {
        var manifests = new FakeManifests();
        Array.ForEach(silos, silo => manifests.Add(silo, knows: true));
        return new PackedForms(manifests);
    }

    public ClusterManifest Current { get; private set; } = new(MajorMinorVersion.Zero, ImmutableDictionary<SiloAddress, GrainManifest>.Empty);

    public IAsyncEnumerable<ClusterManifest> Updates => throw new NotSupportedException();

    public GrainManifest LocalGrainManifest => throw new NotSupportedException();

    /// <summary>A silo joins, of this build or of one before it.</summary>
    public void Add(SiloAddress silo, bool knows)
    {
        var (title, user) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        if (knows)
        {
            new KnowsPackedFormsAttribute().Populate(null!, typeof(TitleGrain), TitleGrain.Type, title);
            new ForgetsErasedAttribute().Populate(null!, typeof(UserGrain), UserGrain.Type, user);
        }

        var grains = ImmutableDictionary<GrainType, GrainProperties>.Empty.Add(TitleGrain.Type, Of(title)).Add(UserGrain.Type, Of(user));
        var manifest = new GrainManifest(grains, ImmutableDictionary<GrainInterfaceType, GrainInterfaceProperties>.Empty);
        Set(Current.Silos.SetItem(silo, manifest));
    }

    private static GrainProperties Of(Dictionary<string, string> properties) => new(properties.ToImmutableDictionary(StringComparer.Ordinal));

    public void Remove(SiloAddress silo) => Set(Current.Silos.Remove(silo));

    private void Set(ImmutableDictionary<SiloAddress, GrainManifest> silos) => Current = new(new MajorMinorVersion(Current.Version.Major, Current.Version.Minor + 1), silos);
}
