using Microsoft.AspNetCore.Http;

namespace Marquee.Gateway.Problems;

/// <summary>The kinds of problem this API answers with; <see cref="Type"/> is part of the contract.</summary>
internal sealed record ProblemKind(int Status, string Name, string Title)
{
    /// <summary>The problem's type (RFC 9457, section 3.1.1).</summary>
    public string Type => "urn:marquee:problem:" + Name;

    public static ProblemKind InvalidRequest { get; } = new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid");

    public static ProblemKind MalformedJson { get; } = new(StatusCodes.Status400BadRequest, "malformed-json", "The body is not JSON");

    public static ProblemKind NotFound { get; } = new(StatusCodes.Status404NotFound, "not-found", "There is no such thing");

    public static ProblemKind MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "This address does not know the method");

    public static ProblemKind WorseModel { get; } = new(StatusCodes.Status409Conflict, "worse-model", "The model ranks worse than the one that it would replace");

    public static ProblemKind ModelConflict { get; } = new(StatusCodes.Status409Conflict, "model-conflict", "The model does not fit to those that are kept");

    public static ProblemKind TooManyItems { get; } = new(StatusCodes.Status413PayloadTooLarge, "too-many-items", "The batch has too many items");

    public static ProblemKind BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large");

    public static ProblemKind UnsupportedMediaType { get; } = new(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body's media type is not understood");

    public static ProblemKind Overloaded { get; } = new(StatusCodes.Status429TooManyRequests, "overloaded", "Too much at once");

    public static ProblemKind InternalError { get; } = new(StatusCodes.Status500InternalServerError, "internal-error", "Something went wrong here");

    public static ProblemKind Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable", "Not possible at the moment");

    public static ProblemKind OutcomeUnknown { get; } = new(StatusCodes.Status503ServiceUnavailable, "outcome-unknown", "It is not known whether it was done");

    /// <summary>The kind for a status that the server itself came to.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        >= 400 and < 500 => InvalidRequest with { Status = status },
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        _ => InternalError,
    };
}
