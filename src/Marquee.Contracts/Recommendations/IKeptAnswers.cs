namespace Marquee.Contracts.Recommendations;

/// <summary>What this node last answered its viewers. Thread-safe.</summary>
public interface IKeptAnswers
{
    /// <summary>The slate that was last given for such a request, marked as degraded; null when none is kept.</summary>
    Slate? Find(string userId, SlateRequest request);

    /// <summary>The home page that was last given for such a request, marked as degraded; null when none is kept.</summary>
    Home? Find(string userId, HomeRequest request);
}

/// <summary>What the cluster's other nodes last answered a viewer. Thread-safe; never throws, and does not wait long.</summary>
public interface IPeerAnswers
{
    /// <inheritdoc cref="IKeptAnswers.Find(string, SlateRequest)"/>
    Task<Slate?> FindAsync(string userId, SlateRequest request);

    /// <inheritdoc cref="IKeptAnswers.Find(string, HomeRequest)"/>
    Task<Home?> FindAsync(string userId, HomeRequest request);
}
