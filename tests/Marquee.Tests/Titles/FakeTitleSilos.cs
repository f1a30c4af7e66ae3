using System.Collections.Immutable;
using System.Net;
using Marquee.Contracts;
using Marquee.Contracts.Titles;
using Marquee.Grains;
using Marquee.Grains.Events;
using Marquee.Grains.Titles;
using Marquee.Tests.Gateway;
using Marquee.Tests.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

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

    /// <summary>A publisher over fakes; titles' rows are what was told last.</summary>
    public static TitlePublisher Publisher(FakeGrainFactory grains, bool isClustered = false)
    {
        grains.Row = (key, shares) => new TitleRowMessage { TitleId = key, Totals = shares[^1].Totals };
        var options = Options.Create(new MarqueeOptions { IsClustered = isClustered });
        return new TitlePublisher(grains, new GrainReferences<ITitleGrain>(grains), new LocalTitles(options), FakeManifests.AllKnow(First), options, TimeProvider.System, NullLogger<TitlePublisher>.Instance);
    }

    /// <summary>A courier over fakes that knows these silos.</summary>
    public TitleCourier Courier(FakeGrainFactory grains) => new(Publisher(grains), TimeProvider.System, NullLogger<TitleCourier>.Instance, this);

    /// <summary>What a partition holds of a title of which it knows one event.</summary>
    public static TitleShareMessage Share(int partition) => new()
    {
        Partition = partition,
        Version = 1,
        Totals = new EngagementTotals
        {
            Counts = [1],
            EventCount = 1,
            Positives = 0,
            Verdicts = 0,
            Popularity = new PopularityMessage(0, []),
            FirstEventAt = 0,
            LastEventAt = 0,
        },
    };

    public void Add(params string[] titleIds) => Array.ForEach(titleIds, titleId => Silos[titleId] = First);

    public Exception? FindFailure { get; set; }

    public SiloAddress? FindOther(string tenant, string titleId) => FindFailure is { } failure ? throw failure : Silos.GetValueOrDefault(titleId);

    public long Feed { get; set; } = FakeCatalogue.Incarnation;

    public Task<TitlesPublished> Publish(SiloAddress silo, string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        Calls.Add($"{(silo.Equals(First) ? nameof(First) : nameof(Second))}: {string.Join(' ', changes.Select(change => change.TitleId))}");
        Changes.AddRange(changes);
        return Task.FromResult(new TitlesPublished(Answer(changes), Feed));
    }
}
