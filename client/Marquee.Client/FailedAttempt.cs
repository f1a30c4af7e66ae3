namespace Marquee.Client;

/// <summary>An attempt that failed and will be followed by another.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Pause">How long the client waits before the next attempt.</param>
/// <param name="Cause">
/// <see cref="MarqueeProblemException"/> for an answer such as 429 or 503, <see cref="HttpRequestException"/> for a connection
/// that failed, <see cref="TimeoutException"/> for an answer that did not come.
/// </param>
public sealed record FailedAttempt(int Attempt, TimeSpan Pause, Exception Cause);
