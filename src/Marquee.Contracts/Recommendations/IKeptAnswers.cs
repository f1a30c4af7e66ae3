using Marquee.Contracts.Events;

namespace Marquee.Contracts.Recommendations;

/// <summary>What this node last answered its viewers. Thread-safe.</summary>
public interface IKeptAnswers
{
    /// <summary>The slate that was last given for such a request, marked as degraded; null when none is kept.</summary>
    Slate? Find(string userId, SlateRequest request);

    /// <summary>The home page that was last given for such a request, marked as degraded; null when none is kept.</summary>
    Home? Find(string userId, HomeRequest request);

    /// <summary>Forgets what was answered to a viewer that has been erased, and from now on keeps and finds nothing of it that is from before.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="erasure">Covers the erasure: an answer that does not cover it may be from before.</param>
    void Forget(string userId, LogPosition erasure);
}

/// <summary>What the cluster's other nodes last answered a viewer. Thread-safe.</summary>
public interface IPeerAnswers
{
    /// <inheritdoc cref="IKeptAnswers.Find(string, SlateRequest)"/>
    /// <remarks>Never throws, and does not wait long.</remarks>
    Task<Slate?> FindAsync(string userId, SlateRequest request);

    /// <inheritdoc cref="IKeptAnswers.Find(string, HomeRequest)"/>
    /// <remarks>Never throws, and does not wait long.</remarks>
    Task<Home?> FindAsync(string userId, HomeRequest request);

    /// <summary>Completes when no other node can give an answer any more that is from before an erasure.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="erasure">Covers the erasure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up: a node that takes part in the cluster has not said that it forgot.</exception>
    Task ForgetAsync(string userId, LogPosition erasure, CancellationToken cancellationToken);

    /// <summary>
    /// Whether this node took part in the cluster a moment ago. One that does not, and does not know it, is not told of erasures:
    /// it may give no answer that was given before. Never throws, and does not wait long.
    /// </summary>
    Task<bool> TakesPartAsync();
}
