using System.Net;
using Azure;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>What Azure Storage's failures say about what was written. Nothing of the connection string gets into a message but the account and its host.</summary>
internal static class AzureFailure
{
    /// <summary>The next step that damage reports name.</summary>
    public const string Restore = "Stop the nodes, keep a copy of the account's containers as they are, and restore them from a backup.";

    /// <summary>A failure of the account or of the way to it, which may pass. Asked only where nobody's token was cancelled.</summary>
    public static bool IsExpected(Exception exception) => exception switch
    {
        RequestFailedException or HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
        AggregateException all => all.InnerExceptions.All(IsExpected),
        _ => false,
    };

    /// <summary>The request did not reach a service that could have obeyed it: for certain nothing was written.</summary>
    public static bool IsUnsent(Exception exception) => exception switch
    {
        RequestFailedException { Status: (int)HttpStatusCode.ServiceUnavailable } busy => busy.ErrorCode == "ServerBusy",
        RequestFailedException { Status: 0, InnerException: { } inner } => IsUnsent(inner),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
        AggregateException all => all.InnerExceptions.All(IsUnsent),
        _ => false,
    };

    /// <summary>The service itself said that it did not obey.</summary>
    public static bool IsRefusal(Exception exception) =>
        exception is RequestFailedException { Status: >= 400 and < 500 and not (int)HttpStatusCode.RequestTimeout };

    /// <summary>A condition that the request named does not hold, or what it was about is gone.</summary>
    public static bool IsCondition(Exception exception) =>
        exception is RequestFailedException { Status: (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound } refused
        && refused.ErrorCode is not ("ContainerNotFound" or "ContainerBeingDeleted" or "TableNotFound" or "TableBeingDeleted");

    /// <summary>The blob is not there; its container is.</summary>
    public static bool IsNotFound(Exception exception) =>
        exception is RequestFailedException { Status: (int)HttpStatusCode.NotFound } and not { ErrorCode: "ContainerNotFound" };

    /// <summary>What the store's caller sees.</summary>
    /// <param name="place">The account and its host.</param>
    /// <param name="action">What was being done.</param>
    /// <param name="exception">What happened.</param>
    public static StoreUnavailableException ToStoreException(string place, string action, Exception exception) =>
        new($"{place} failed to {action}: {Describe(exception)}. The store tries again at the next call.", exception);

    /// <summary>A failure in a few words.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        RequestFailedException { Status: (int)HttpStatusCode.Forbidden } forbidden =>
            $"it refused the account key ({forbidden.ErrorCode}); check the connection string, and that this machine's clock is right to a few minutes",
        RequestFailedException { ErrorCode: { } code } refused => $"{code} (status {refused.Status})",
        RequestFailedException { Status: > 0 } refused => $"status {refused.Status}",
        RequestFailedException { InnerException: { } inner } => inner.Message,
        OperationCanceledException => "it did not answer in time",
        AggregateException { InnerExceptions: [.., var last] } => Describe(last),
        _ => exception.Message,
    };
}
