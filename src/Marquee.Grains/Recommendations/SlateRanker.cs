using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Options;
using HomeRow = Marquee.Contracts.Recommendations.HomeRow;

namespace Marquee.Grains.Recommendations;

/// <summary>From a viewer's taste to a slate: takes the newest catalogue, has a worker run the pipeline, and names the result.</summary>
internal sealed class SlateRanker(CatalogueReplica replica, RankingWorkers workers, ExplorationLog log, IOptions<MarqueeOptions> options, TimeProvider time)
{
    private const int MostHomeRows = 12;

    /// <summary>Ranks one surface.</summary>
    public async Task<Slate> Rank(SlateRequest request, UserTaste taste, LogPosition? position)
    {
        var catalogue = replica.Current;
        var asked = Request(taste, catalogue, request.Surface, request.Count, request.Country, request.Explain, request.WithoutExploration ? null : Explore(position));
        using var place = await workers.Enter();
        var ranked = RecommendationPipeline.Recommend(asked, taste, catalogue, place.Scratch);
        var slate = ToSlate(ranked, position, request.Metadata);
        place.Scratch.Recycle(ranked);
        return slate;
    }

    /// <summary>Composes the home page.</summary>
    public async Task<Home> Compose(HomeRequest request, UserTaste taste, LogPosition? position)
    {
        var catalogue = replica.Current;
        var asked = Request(taste, catalogue, Surfaces.TopPicks, request.Count, request.Country, request.Explain, request.WithoutExploration ? null : Explore(position));
        using var place = await workers.Enter();
        var (scratch, rows) = (place.Scratch, ImmutableArray.CreateBuilder<HomeRow>(MostHomeRows));
        HomePage.Compose(asked, taste, catalogue, scratch, row =>
        {
            rows.Add(new HomeRow(row.RowId, row.Name, ToSlate(row.Slate, position, request.Metadata)));
            scratch.Recycle(row.Slate);
        });
        return new Home(position, Degraded: false, rows.DrainToImmutable());
    }

    /// <summary>What is most watched now.</summary>
    public async Task<ImmutableArray<SlateItem>> Trending(string? country, int count, bool metadata)
    {
        var catalogue = replica.Current;
        var asked = Request(UserTaste.Empty, catalogue, Surfaces.Trending, count, country);
        using var place = await workers.Enter();
        return Take(RecommendationPipeline.Recommend(asked, UserTaste.Empty, catalogue, place.Scratch), metadata, place.Scratch);
    }

    /// <summary>What goes with a title.</summary>
    public async Task<ImmutableArray<SlateItem>> Similar(string titleId, int count, string? country, bool metadata)
    {
        var catalogue = replica.Current;
        var asked = Request(UserTaste.Empty, catalogue, Surfaces.BecauseYouWatched, count, country);
        using var place = await workers.Enter();
        return Take(RecommendationPipeline.Similar(titleId, asked, catalogue, place.Scratch), metadata, place.Scratch);
    }

    private ImmutableArray<SlateItem> Take(RankedSlate ranked, bool metadata, Scratch scratch)
    {
        var items = ToItems(ranked, metadata);
        scratch.Recycle(ranked);
        return items;
    }

    /// <summary>The same viewer gets the same explored titles until the next event, so that a page stays as it is; who has no events gets others each time.</summary>
    private Exploration? Explore(LogPosition? position) =>
        options.Value.ExploreShare > 0
            ? new Exploration(options.Value.ExploreShare, position is { } at ? ((ulong)at.Partition << 48) ^ (ulong)at.Offset : (ulong)Random.Shared.NextInt64())
            : null;

    /// <summary>Now is the stream's clock, and the viewer's own newest event if that has not reached the catalogue yet.</summary>
    private RecommendationRequest Request(UserTaste taste, CatalogueSnapshot catalogue, string surface, int count, string? country, bool explain = false, Exploration? exploration = null)
    {
        var wall = time.GetUtcNow().ToUnixTimeMilliseconds();
        var newest = catalogue.StreamTime;
        foreach (var entry in taste.Recent)
        {
            newest = Math.Max(newest, entry.OccurredAt);
        }

        return new RecommendationRequest
        {
            Surface = surface,
            Count = count,
            Country = country,
            Explain = explain,
            Exploration = exploration,
            Now = newest == 0 ? wall : Math.Min(newest, wall),
            AvailableAt = wall,
        };
    }

    private Slate ToSlate(RankedSlate ranked, LogPosition? position, bool metadata)
    {
        var slate = new Slate
        {
            RecommendationId = RecommendationIds.New(ranked.Surface, ranked.ModelVersion),
            Surface = ranked.Surface,
            ModelVersion = ranked.ModelVersion,
            Position = position,
            Source = ranked.Source,
            Items = ToItems(ranked, metadata),
        };
        log.Note(slate);
        return slate;
    }

    private ImmutableArray<SlateItem> ToItems(RankedSlate ranked, bool metadata)
    {
        var items = ImmutableArray.CreateBuilder<SlateItem>(ranked.Items.Count);
        for (var i = 0; i < ranked.Items.Count; i++)
        {
            var title = ranked.Items[i];
            items.Add(new SlateItem
            {
                TitleId = title.TitleId,
                Rank = items.Count + 1,
                Score = title.Score,
                Reason = title.Reason,
                BecauseTitleId = title.BecauseTitleId,
                Parts = title.Parts.Count == 0 ? [] : [.. title.Parts.Select(part => new ScorePart(part.Name, part.Value, part.TitleId))],
                Title = metadata ? replica.MetadataOf(title.TitleId) : null,
                Origin = title.Origin,
                WatchedShare = title.WatchedShare,
                Propensity = title.Propensity,
            });
        }

        return items.MoveToImmutable();
    }
}
