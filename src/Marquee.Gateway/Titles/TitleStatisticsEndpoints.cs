using System.Collections.Immutable;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Events;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Titles;

/// <summary>Shows a title's live counters.</summary>
internal sealed class TitleStatisticsEndpoints(IGrainFactory grains, GrainReferences<ITitleGrain> titles, GrainReads reads, IOptions<GatewayOptions> options)
{
    private readonly string _tenant = options.Value.Tenant;
    private readonly ICatalogueReaderGrain _catalogue = grains.GetGrain<ICatalogueReaderGrain>(options.Value.Tenant);

    public void Map(IEndpointRouteBuilder app) => app.MapCall("GET", "/v1/titles/{id}/stats", TitleDescriptions.Statistics, GetAsync);

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var titleId = query.Id("titleId");
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        // Asked together: a title whose first events have reached its grain is known, even before the replica shows it.
        var title = titles.Of($"{_tenant}/{titleId}");
        var known = reads.TryAsync("GetTitle", () => _catalogue.GetTitle(titleId));
        var statistics = await reads.InsistAsync("GetStatistics", title.GetStatistics);
        var entry = await known;
        if (!statistics.IsThere)
        {
            return statistics.ProblemOf("The title's state");
        }

        return entry is { IsThere: true, Value: null } && statistics.Value!.Counts.All(count => count == 0)
            ? Problem.NotFound($"No title {titleId} is known.")
            : JsonAnswer.Of(TitleStatisticsBody.Of(titleId, statistics.Value!), GatewayJson.Default.TitleStatisticsBody);
    }
}

/// <summary>A title's live counters.</summary>
internal sealed record TitleStatisticsBody
{
    /// <summary>The title.</summary>
    public required string TitleId { get; init; }

    /// <summary>Exact number of events of each type since the title exists.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Decayed positives at three half-lives, as of <see cref="UpdatedAt"/>.</summary>
    public required PopularityBody Popularity { get; init; }

    /// <summary>Event time of the newest event; absent when there was none.</summary>
    public DateTime? UpdatedAt { get; init; }

    public static TitleStatisticsBody Of(string titleId, TitleStatisticsMessage statistics) => new()
    {
        TitleId = titleId,
        Counts = Enum.GetValues<EngagementType>().ToDictionary(EngagementTypeNames.Of, type => At(statistics.Counts, (int)type)),
        Popularity = new PopularityBody(At(statistics.Popularity, 0), At(statistics.Popularity, 1), At(statistics.Popularity, 2)),
        UpdatedAt = statistics.UpdatedAt > 0 ? Instant.Of(statistics.UpdatedAt) : null,
    };

    // A title without events may have no numbers at all.
    private static T? At<T>(ImmutableArray<T> numbers, int index) => index < numbers.Length ? numbers[index] : default;
}

/// <summary>Decayed positives.</summary>
/// <param name="Short">Half-life of hours.</param>
/// <param name="Medium">Half-life of days.</param>
/// <param name="Long">Half-life of weeks.</param>
internal sealed record PopularityBody(double Short, double Medium, double Long);
