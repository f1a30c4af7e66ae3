using Marquee.Contracts.Recommendations;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Recommendations;

/// <summary>What this node last answered its viewers, for when a viewer's grain does not answer: older, but the viewer's own.</summary>
internal sealed class KeptAnswers(IOptions<GatewayOptions> options) : IKeptAnswers, IDisposable
{
    /// <summary>The source of an answer that was given before.</summary>
    public const string Source = "cached";

    private readonly TimeSpan _age = options.Value.KeptAnswersAge;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = options.Value.KeptAnswersMax });

    /// <summary>Keeps a slate, unless it was a makeshift itself.</summary>
    public void Keep(string userId, SlateRequest request, Slate slate)
    {
        if (!slate.Degraded)
        {
            Keep(new Key(userId, Shape(request)), slate);
        }
    }

    /// <summary>Keeps a home page, unless it was a makeshift itself.</summary>
    public void Keep(string userId, HomeRequest request, Home home)
    {
        if (!home.Degraded)
        {
            Keep(new Key(userId, Shape(request)), home);
        }
    }

    /// <inheritdoc/>
    public Slate? Find(string userId, SlateRequest request) =>
        _answers.TryGetValue(new Key(userId, Shape(request)), out Slate? slate) && slate is not null
            ? slate with { Source = Source, Degraded = true }
            : null;

    /// <inheritdoc/>
    public Home? Find(string userId, HomeRequest request) =>
        _answers.TryGetValue(new Key(userId, Shape(request)), out Home? home) && home is not null
            ? home with { Degraded = true, Rows = [.. home.Rows.Select(row => row with { Slate = row.Slate with { Source = Source, Degraded = true } })] }
            : null;

    public void Dispose() => _answers.Dispose();

    // What is wanted in the answer; not how new it must be.
    private static SlateRequest Shape(SlateRequest request) => request.After is null ? request : request with { After = null };

    private static HomeRequest Shape(HomeRequest request) => request.After is null ? request : request with { After = null };

    private void Keep(Key key, object answer)
    {
        using var entry = _answers.CreateEntry(key);
        (entry.Value, entry.Size, entry.AbsoluteExpirationRelativeToNow) = (answer, 1, _age);
    }

    private sealed record Key(string UserId, object Request);
}
