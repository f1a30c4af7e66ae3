using System.Globalization;
using System.Net;

namespace Marquee.Client;

/// <summary>The node answered, and the answer is a refusal that a retry would not change (RFC 9457 problem details).</summary>
public sealed class MarqueeProblemException : Exception
{
    internal MarqueeProblemException(HttpStatusCode status, string? type, string title, string? detail, IReadOnlyList<ItemError> errors, Exception? inner = null)
        : base(Describe(status, title, detail, errors), inner)
    {
        Status = status;
        Type = type;
        Title = title;
        Detail = detail;
        Errors = errors;
    }

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Names the kind of problem for programs, for example <c>urn:marquee:problem:invalid-request</c>; null when the answer was not the node's.</summary>
    public string? Type { get; }

    /// <summary>What kind of problem it is, for people.</summary>
    public string Title { get; }

    /// <summary>This occurrence of it, if the node tells.</summary>
    public string? Detail { get; }

    /// <summary>The fields at fault, if the node tells.</summary>
    public IReadOnlyList<ItemError> Errors { get; }

    /// <summary>The call was a batch of this many items, and what is wrong is something with each of them.</summary>
    internal bool RefusesEachOf(int items) =>
        Errors.All(error => error.Index >= 0 && error.Index < items) && Errors.DistinctBy(error => error.Index).Count() == items;

    private static string Describe(HttpStatusCode status, string title, string? detail, IReadOnlyList<ItemError> errors)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{title} ({(int)status})");
        if (!string.IsNullOrEmpty(detail))
        {
            text += ": " + detail;
        }

        return errors.Count == 0 ? text : $"{text} [{string.Join("; ", errors.Take(3))}{(errors.Count > 3 ? "; …" : "")}]";
    }
}
