namespace Marquee.Client;

/// <summary>How patient a client is. Every call of the API can safely be repeated, so every call is retried.</summary>
public sealed record MarqueeClientOptions
{
    /// <summary>
    /// How long one call may take over all its attempts; 30 s when left out. Zero means one attempt. A Retry-After that
    /// reaches beyond it ends the call at once.
    /// </summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take before it counts as lost; 10 s when left out.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failed attempt, before jitter; doubles with each further one; 100 ms when left out.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause that the client chooses by itself; 5 s when left out.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told before each pause that an attempt has failed; for logs and displays. Called from any thread.</summary>
    public Action<FailedAttempt>? OnRetry { get; init; }

    /// <summary>The clock of budget, timeouts, pauses and event ids.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter.</summary>
    public Random Random { get; init; } = Random.Shared;
}
