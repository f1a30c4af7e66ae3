using Marquee.Gateway.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Marquee.Gateway;

/// <summary>Maps one call of the API.</summary>
internal static class CallMapping
{
    /// <summary>Maps a call; it reads its path, query and body itself.</summary>
    /// <param name="app">Where to map.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The path, with <c>{id}</c> for an id.</param>
    /// <param name="name">The operation's name in the API's description.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="parameters">The query parameters that the call knows.</param>
    public static RouteHandlerBuilder MapCall(
        this IEndpointRouteBuilder app, string method, string pattern, string name, Func<HttpContext, Task<IResult>> handler, params QueryParameter[] parameters) =>
        app.MapMethods(pattern, [method], (Delegate)handler).WithName(name).WithMetadata(new QueryParameters(parameters));
}
