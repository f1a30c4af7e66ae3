using Marquee.Gateway.Bodies;
using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Marquee.Gateway;

/// <summary>Maps one call of the API.</summary>
internal static class CallMapping
{
    /// <summary>Maps a call; it reads its path, query and body itself.</summary>
    /// <param name="app">Where to map.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The path, with <c>{id}</c> for an id.</param>
    /// <param name="description">The call in the API's description.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="parameters">The query parameters that the call knows.</param>
    /// <remarks>A plain request delegate: there is nothing to bind, so nothing is compiled at start. The method is added for the API's description.</remarks>
    public static void MapCall(
        this IEndpointRouteBuilder app,
        string method,
        string pattern,
        CallDescription description,
        Func<HttpContext, Task<IResult>> handler,
        params QueryParameter[] parameters)
    {
        var call = app.MapMethods(pattern, [method], AnswerOf(app, description, handler))
            .WithName(description.Name)
            .WithMetadata(handler.Method, description, new QueryParameters(parameters));
        foreach (var answer in description.Answers)
        {
            call.WithMetadata(new ProducesResponseTypeMetadata(answer.Status, answer.Body ?? typeof(void), answer.Body is null ? [] : ["application/json"]));
        }

        foreach (var status in description.Problems.Prepend(ProblemKind.InvalidRequest).Select(kind => kind.Status).Distinct())
        {
            call.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemBody), ["application/problem+json"]));
        }
    }

    private static RequestDelegate AnswerOf(IEndpointRouteBuilder app, CallDescription description, Func<HttpContext, Task<IResult>> handler)
    {
        if (description.Tag == Tag.Operations)
        {
            // Whoever asks how the node is must be told when it is overloaded most of all.
            return context => AnswerAsync(context, handler);
        }

        var admission = app.ServiceProvider.GetRequiredService<AdmissionControl>();
        var metrics = app.ServiceProvider.GetRequiredService<GatewayMetrics>();
        return context => AnswerAsync(context, handler, admission, metrics);
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<IResult>> handler)
    {
        var answer = await handler(context);
        await answer.ExecuteAsync(context);
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<IResult>> handler, AdmissionControl admission, GatewayMetrics metrics)
    {
        if (!admission.TryBegin())
        {
            metrics.Refused("requests");
            await Problem.Overloaded("Too many requests are being answered; nothing was done. Retry after a moment.").ExecuteAsync(context);
            return;
        }

        try
        {
            await AnswerAsync(context, handler);
        }
        finally
        {
            admission.End();
        }
    }
}
