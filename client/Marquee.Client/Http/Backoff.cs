using System.Net;
using System.Net.Http.Headers;

namespace Marquee.Client.Http;

/// <summary>Which failures pass by themselves, and how long to wait for that.</summary>
internal static class Backoff
{
    /// <summary>The node (or a proxy before it) says that the same call may succeed later.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout or
        HttpStatusCode.TooManyRequests or
        HttpStatusCode.BadGateway or
        HttpStatusCode.ServiceUnavailable or
        HttpStatusCode.GatewayTimeout;

    /// <summary>The connection failed in a way that may pass; a refused certificate or a wrong protocol does not.</summary>
    public static bool IsTransient(HttpRequestException exception) => exception.HttpRequestError is not
        (HttpRequestError.SecureConnectionError or
        HttpRequestError.VersionNegotiationError or
        HttpRequestError.UserAuthenticationError or
        HttpRequestError.ConfigurationLimitExceeded);

    /// <summary>The attempt certainly never reached the node.</summary>
    public static bool NeverSent(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    /// <summary>The pause before the next attempt.</summary>
    /// <param name="failures">Failed attempts so far, from 1.</param>
    /// <param name="retryAfter">What the node asked for, or null.</param>
    /// <param name="options">First and longest pause.</param>
    /// <param name="jitter">0 to 1.</param>
    /// <returns>
    /// Half to the whole of an exponentially growing pause, so that clients which failed together do not return together;
    /// never less than what the node asked for, and then up to a tenth more.
    /// </returns>
    public static TimeSpan Pause(int failures, TimeSpan? retryAfter, MarqueeClientOptions options, double jitter)
    {
        if (retryAfter is { } asked)
        {
            return asked * (1 + (jitter / 10));
        }

        var ticks = Math.Min(options.FirstBackoff.Ticks * Math.Pow(2, failures - 1), options.LongestBackoff.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (jitter / 2))));
    }

    /// <summary>Retry-After in either of its forms, never negative.</summary>
    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
