using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Marquee.Gateway.Problems;

/// <summary>Gives a problem body to what ends without one: unknown routes, wrong methods, bodies that the server refuses, and bugs.</summary>
internal static class ProblemPages
{
    public static void Use(IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerExceptionAsync,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.Use(async (context, next) =>
        {
            await next(context);
            if (IsBare(context.Response))
            {
                await AnswerStatusAsync(context);
            }
        });
    }

    /// <summary>Whether an answer that is not a success has no body; the framework's own middleware for this keeps a dictionary per request.</summary>
    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = exception is BadHttpRequestException refused
            ? Problem.Of(ProblemKind.OfStatus(refused.StatusCode), refused.Message, [new FieldError(null, "body", refused.Message)])
            : Problem.Of(ProblemKind.InternalError, "This is a mistake of the service, not of the request; the node's log has the details under this trace id.");
        return problem.ExecuteAsync(context);
    }

    private static Task AnswerStatusAsync(HttpContext context)
    {
        var request = context.Request;
        var status = context.Response.StatusCode;
        var detail = status switch
        {
            StatusCodes.Status404NotFound => $"Nothing is served at {Shown(request.Path)}; /openapi/v1.json lists what is.",
            StatusCodes.Status405MethodNotAllowed => $"{Shown(request.Method)} is not possible at {Shown(request.Path)}; the header Allow tells what is.",
            _ => $"The server refused the request with status {status}.",
        };
        return Problem.Of(ProblemKind.OfStatus(status), detail).ExecuteAsync(context);
    }

    private static string Shown(string? text) => text is { Length: > 200 } ? text[..200] + "…" : text ?? "";
}
