using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Titles;

/// <summary>Reads and changes the catalogue.</summary>
internal sealed class TitleEndpoints(IGrainFactory grains, TitleWrites writes, GrainReads reads, AdmissionControl admission, IOptions<GatewayOptions> options)
{
    private static readonly TextParameter Query = new("query", "Words of the name; all titles when absent.", 200, "gravity");

    private readonly ICatalogueReaderGrain _catalogue = grains.GetGrain<ICatalogueReaderGrain>(options.Value.Tenant);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapCall("GET", "/v1/titles", TitleDescriptions.List, ListAsync, Query, SharedParameters.Limit, SharedParameters.Cursor);
        app.MapCall("POST", "/v1/titles", TitleDescriptions.Upsert, PostAsync);
        app.MapCall("GET", "/v1/titles/{id}", TitleDescriptions.Get, GetAsync);
        app.MapCall("PUT", "/v1/titles/{id}", TitleDescriptions.Put, PutAsync);
        app.MapCall("DELETE", "/v1/titles/{id}", TitleDescriptions.Delete, DeleteAsync);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var request = new RequestQuery(context);
        var query = request.Read(Query);
        var limit = request.Read(SharedParameters.Limit);
        var cursor = request.Read(SharedParameters.Cursor);
        if (request.Problem is { } invalid)
        {
            return invalid;
        }

        var page = await reads.TryAsync("ListTitles", () => _catalogue.ListTitles(query, limit, cursor));
        return page.IsThere
            ? JsonAnswer.Of(new TitlePageBody([.. page.Value!.Items.Select(TitleBody.Of)], page.Value.Next), GatewayJson.Default.TitlePageBody)
            : page.ProblemOf("The catalogue");
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var request = new RequestQuery(context);
        var titleId = request.Id("titleId");
        if (request.Problem is { } invalid)
        {
            return invalid;
        }

        var entry = await reads.TryAsync("GetTitle", () => _catalogue.GetTitle(titleId));
        return entry switch
        {
            { IsThere: false } => entry.ProblemOf("The catalogue"),
            { Value: null } => Problem.NotFound($"No title {titleId} is known."),
            { Value: var known } => JsonAnswer.Of(TitleBody.Of(known), GatewayJson.Default.TitleBody),
        };
    }

    private async Task<IResult> PostAsync(HttpContext context)
    {
        if (new RequestQuery(context).Problem is { } invalid)
        {
            return invalid;
        }

        var batch = await ReadAsync(context, allowLines: true, null);
        if (batch.Problem is { } unusable)
        {
            return unusable;
        }

        var (result, refusal) = await writes.UpsertAsync(batch.Items);
        return refusal is { } problem
            ? problem.With(body => body with { Rejected = batch.Rejected, Errors = batch.Errors.All })
            : JsonAnswer.Of(
                new TitleAcknowledgement(result.Created, result.Replaced, batch.Rejected, batch.Errors.All, result.Version),
                GatewayJson.Default.TitleAcknowledgement);
    }

    private async Task<IResult> PutAsync(HttpContext context)
    {
        var request = new RequestQuery(context);
        var titleId = request.Id("titleId");
        if (request.Problem is { } invalid)
        {
            return invalid;
        }

        var batch = await ReadAsync(context, allowLines: false, titleId);
        if (batch.Problem is { } unusable)
        {
            return unusable;
        }

        if (batch.Count > 1)
        {
            return Problem.Invalid("body", "must be one title");
        }

        var (result, refusal) = await writes.UpsertAsync(batch.Items);
        if (refusal is not null)
        {
            return refusal;
        }

        var isNew = result.Created > 0;
        context.Response.Headers.Location = isNew ? "/v1/titles/" + titleId : default;
        return JsonAnswer.Of(TitleBody.Of(batch.Items[0]), GatewayJson.Default.TitleBody, status: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var request = new RequestQuery(context);
        var titleId = request.Id("titleId");
        return request.Problem ?? await writes.DeleteAsync(titleId) ?? Results.NoContent();
    }

    private async Task<Batch<TitleMessage>> ReadAsync(HttpContext context, bool allowLines, string? expectedId)
    {
        using var body = await RequestBody.ReadAsync(context, admission, allowLines);
        return body.Problem is { } unreadable
            ? Batch<TitleMessage>.Refused(unreadable)
            : BatchReader.Read(body.Bytes, body.IsLines, new TitleParser(expectedId));
    }
}

/// <summary>A page of the catalogue.</summary>
/// <param name="Items">The titles; best match and most popular first.</param>
/// <param name="Next">Cursor of the next page; absent at the end.</param>
internal sealed record TitlePageBody(IReadOnlyList<TitleBody> Items, string? Next);

/// <summary>The answer to written titles.</summary>
/// <param name="Created">Titles that were not there before.</param>
/// <param name="Replaced">Titles that were there.</param>
/// <param name="Rejected">Titles that are not valid; nothing was written for them.</param>
/// <param name="Errors">What is wrong with the rejected titles.</param>
/// <param name="Version">The catalogue version that holds the change.</param>
internal sealed record TitleAcknowledgement(int Created, int Replaced, int Rejected, IReadOnlyList<FieldError> Errors, long Version);
