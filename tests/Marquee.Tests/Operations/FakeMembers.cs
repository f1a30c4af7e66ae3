using System.Collections.Immutable;

namespace Marquee.Tests.Operations;

/// <summary>The active members of a cluster; what changes is seen when they are read anew.</summary>
internal sealed class FakeMembers(SiloAddress[] silos) : IClusterMembershipService
{
    private SiloAddress[] _stored = silos;

    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = Of(silos, 1);

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    /// <summary>Makes reading them fail.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Told before they are read.</summary>
    public Action Reading { get; set; } = () => { };

    /// <summary>They change, and this is known.</summary>
    public void Set(SiloAddress[] now)
    {
        _stored = now;
        CurrentSnapshot = Of(now, CurrentSnapshot.Version.Value + 1);
    }

    /// <summary>They change in the store.</summary>
    public void Store(SiloAddress[] now) => _stored = now;

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        Reading();
        if (IsUnreadable)
        {
            throw new TimeoutException("The members cannot be read.");
        }

        Set(_stored);
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

    private static ClusterMembershipSnapshot Of(SiloAddress[] silos, long version) => new(
        silos.ToImmutableDictionary(silo => silo, silo => new ClusterMember(silo, SiloStatus.Active, silo.ToString())),
        new MembershipVersion(version));
}

/// <summary>The silo that a part belongs to.</summary>
internal sealed class FakeSilo(SiloAddress silo) : ILocalSiloDetails
{
    public string Name => silo.ToString();

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress => silo;

    public SiloAddress GatewayAddress => silo;
}
