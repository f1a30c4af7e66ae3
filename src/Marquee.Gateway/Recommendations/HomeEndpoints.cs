using System.Text.Json.Serialization;
using Marquee.Contracts.Recommendations;
using Marquee.Gateway.Json;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway.Recommendations;

/// <summary>Answers with a whole home page; never an error, at worst one row of popular titles and a flag.</summary>
internal sealed class HomeEndpoints(ViewerReads viewers)
{
    private static readonly IntegerParameter Count = SharedParameters.Count(100) with { Description = "How many titles per row." };

    public void Map(IEndpointRouteBuilder app) =>
        app.MapCall("GET", "/v1/users/{id}/home", RecommendationDescriptions.Home, GetAsync, ViewerReads.Parameters(Count));

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var query = new RequestQuery(context);
        var userId = query.Id("userId");
        var viewer = viewers.Read(query, userId, Count);
        if (query.Problem is { } invalid)
        {
            return invalid;
        }

        var request = new HomeRequest
        {
            Count = viewer.Count,
            Country = viewer.Country,
            After = viewer.After,
            Explain = viewer.Explain,
            Metadata = viewer.Metadata,
            WithoutExploration = !viewer.Explore,
        };
        return JsonAnswer.Of(HomeBody.Of(userId, await viewers.GetHomeAsync(userId, request)), GatewayJson.Default.HomeBody);
    }
}

/// <summary>A home page: ordered rows, no title twice.</summary>
internal sealed record HomeBody
{
    /// <summary>The viewer.</summary>
    public required string UserId { get; init; }

    /// <summary>The position that the answer covers; null when no event of the viewer is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Position { get; init; }

    /// <summary>Slower, older or plainer than asked for.</summary>
    public required bool Degraded { get; init; }

    /// <summary>In the order of the page.</summary>
    public required IReadOnlyList<HomeRowBody> Rows { get; init; }

    public static HomeBody Of(string userId, Home home) => new()
    {
        UserId = userId,
        Position = home.Position?.ToString(),
        Degraded = home.Degraded,
        Rows = [.. home.Rows.Select(HomeRowBody.Of)],
    };
}

/// <summary>One row of a home page.</summary>
internal sealed record HomeRowBody
{
    /// <summary>Stable name of the row on the page.</summary>
    public required string RowId { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The placement.</summary>
    public required string Surface { get; init; }

    /// <summary>Names the row's slate; send it back with the events that it leads to.</summary>
    public required string RecommendationId { get; init; }

    /// <summary>The model that ranked.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Where the row came from: <c>personal</c>, <c>popular</c>, ….</summary>
    public required string Source { get; init; }

    /// <summary>Best first.</summary>
    public required IReadOnlyList<SlateItemBody> Items { get; init; }

    public static HomeRowBody Of(HomeRow row) => new()
    {
        RowId = row.RowId,
        Name = row.Name,
        Surface = row.Slate.Surface,
        RecommendationId = row.Slate.RecommendationId,
        ModelVersion = row.Slate.ModelVersion,
        Source = row.Slate.Source,
        Items = SlateItemBody.Of(row.Slate.Items),
    };
}
