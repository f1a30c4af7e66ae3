using System.Diagnostics;
using System.Globalization;
using Marquee.Gateway.Json;
using Microsoft.AspNetCore.Http;

namespace Marquee.Gateway.Problems;

/// <summary>A problem response (RFC 9457), written as <c>application/problem+json</c>.</summary>
internal sealed class Problem(ProblemBody body, TimeSpan? retryAfter = null) : IResult
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    public ProblemBody Content { get; } = body;

    public static Problem Invalid(IReadOnlyList<FieldError> errors, string? detail = null) =>
        Of(ProblemKind.InvalidRequest, detail ?? Describe(errors), errors);

    public static Problem Invalid(string field, string message) => Invalid([new FieldError(null, field, message)]);

    public static Problem Malformed(string detail) => OfBody(ProblemKind.MalformedJson, detail);

    public static Problem TooManyItems(string noun) =>
        OfBody(ProblemKind.TooManyItems, $"At most {GatewayLimits.BatchItems} {noun} per call; nothing was written. Send them in several calls.");

    public static Problem BodyTooLarge() =>
        OfBody(ProblemKind.BodyTooLarge, $"A body may have at most {GatewayLimits.BodyBytes} bytes; nothing was written. Send it in several calls.");

    public static Problem ModelTooLarge() =>
        OfBody(ProblemKind.BodyTooLarge, $"A model file may have at most {GatewayLimits.ModelBytes} bytes; nothing was changed.");

    public static Problem UnsupportedMediaType(string detail) => Of(ProblemKind.UnsupportedMediaType, detail);

    public static Problem NotFound(string detail) => Of(ProblemKind.NotFound, detail);

    public static Problem Overloaded(string detail) => new(Body(ProblemKind.Overloaded, detail), SoonAgain);

    public static Problem Unavailable(string detail) => new(Body(ProblemKind.Unavailable, detail), SoonAgain);

    public static Problem OutcomeUnknown(string detail) => new(Body(ProblemKind.OutcomeUnknown, detail), SoonAgain);

    public static Problem Of(ProblemKind kind, string detail, IReadOnlyList<FieldError>? errors = null) =>
        new(Body(kind, detail) with { Errors = errors });

    public Problem With(Func<ProblemBody, ProblemBody> change) => new(change(Content), retryAfter);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = Content with { TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier };
        return new JsonAnswer<ProblemBody>(body, GatewayJson.Default.ProblemBody, body.Status, "application/problem+json").ExecuteAsync(httpContext);
    }

    private static Problem OfBody(ProblemKind kind, string detail) => Of(kind, detail, [new FieldError(null, "body", detail)]);

    private static ProblemBody Body(ProblemKind kind, string detail) =>
        new() { Type = kind.Type, Title = kind.Title, Status = kind.Status, Detail = detail };

    private static string Describe(IReadOnlyList<FieldError> errors)
    {
        var first = errors[0];
        var item = first.Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"Item {index}: ") : "";
        var more = errors.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({errors.Count - 1} more under 'errors')") : "";
        return $"{item}{first.Field} {first.Message}{more}.";
    }
}
