using System.Collections.Immutable;
using System.Net;
using Marquee.Contracts.Titles;
using Marquee.Grains.Titles;
using Marquee.Tests.Gateway;

namespace Marquee.Tests.Titles;

/// <summary>Two other silos, and what they are told.</summary>
internal sealed class FakeTitleSilos : ITitleSilos
{
    public static SiloAddress First { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    public static SiloAddress Second { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    public Dictionary<string, SiloAddress> Silos { get; } = [];

    public List<string> Calls { get; } = [];

    public List<TitleChangeMessage> Changes { get; } = [];

    public Func<ImmutableArray<TitleChangeMessage>, ImmutableArray<string>> Answer { get; set; } = _ => [];

    public void Add(params string[] titleIds) => Array.ForEach(titleIds, titleId => Silos[titleId] = First);

    public SiloAddress? FindOther(string tenant, string titleId) => Silos.GetValueOrDefault(titleId);

    public long Feed { get; set; } = FakeCatalogue.Incarnation;

    public Task<TitlesPublished> Publish(SiloAddress silo, string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        Calls.Add($"{(silo.Equals(First) ? nameof(First) : nameof(Second))}: {string.Join(' ', changes.Select(change => change.TitleId))}");
        Changes.AddRange(changes);
        return Task.FromResult(new TitlesPublished(Answer(changes), Feed));
    }
}
