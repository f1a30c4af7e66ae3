using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Recommendations;

/// <summary>What this node last answered its viewers, for when a viewer's grain does not answer: older, but the viewer's own, and never from before its erasure.</summary>
internal sealed class KeptAnswers(IOptions<GatewayOptions> options, TimeProvider time) : IKeptAnswers, IDisposable
{
    /// <summary>The source of an answer that was given before.</summary>
    public const string Source = "cached";

    /// <summary>A few megabytes at the most; more erasures than that within minutes, and nothing is kept for a while.</summary>
    private const int ErasedMost = 65_536;

    private readonly TimeSpan _age = options.Value.KeptAnswersAge;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = options.Value.KeptAnswersMax });
    private readonly ErasedViewers _erased = new(ErasedMost, options.Value.KeptAnswersAge * 2, time);

    /// <summary>Keeps a slate, unless it was a makeshift itself.</summary>
    public void Keep(string userId, SlateRequest request, Slate slate)
    {
        if (!slate.Degraded)
        {
            Keep(new Key(userId, Shape(request)), slate, slate.Position);
        }
    }

    /// <summary>Keeps a home page, unless it was a makeshift itself.</summary>
    public void Keep(string userId, HomeRequest request, Home home)
    {
        if (!home.Degraded)
        {
            Keep(new Key(userId, Shape(request)), home, home.Position);
        }
    }

    /// <inheritdoc/>
    public Slate? Find(string userId, SlateRequest request) =>
        Find<Slate>(new Key(userId, Shape(request))) is { } slate && !Precedes(userId, slate.Position)
            ? slate with { Source = Source, Degraded = true }
            : null;

    /// <inheritdoc/>
    public Home? Find(string userId, HomeRequest request) =>
        Find<Home>(new Key(userId, Shape(request))) is { } home && !Precedes(userId, home.Position)
            ? home with { Degraded = true, Rows = [.. home.Rows.Select(row => row with { Slate = row.Slate with { Source = Source, Degraded = true } })] }
            : null;

    /// <inheritdoc cref="ErasedViewers.Find"/>
    public LogPosition? ErasureOf(string userId) => _erased.Find(userId);

    /// <inheritdoc cref="ErasedViewers.Precedes"/>
    public bool Precedes(string userId, LogPosition? covered) => _erased.Precedes(userId, covered);

    /// <inheritdoc/>
    public void Forget(string userId, LogPosition erasure)
    {
        _erased.Add(userId, erasure);
        foreach (var key in _answers.Keys.OfType<Key>().Where(key => key.UserId == userId))
        {
            _answers.Remove(key);
        }
    }

    public void Dispose() => _answers.Dispose();

    // What is wanted in the answer; not how new it must be.
    private static SlateRequest Shape(SlateRequest request) => request.After is null ? request : request with { After = null };

    private static HomeRequest Shape(HomeRequest request) => request.After is null ? request : request with { After = null };

    private void Keep(Key key, object answer, LogPosition? covered)
    {
        if (Precedes(key.UserId, covered))
        {
            return;
        }

        using var entry = _answers.CreateEntry(key);
        (entry.Value, entry.Size, entry.AbsoluteExpirationRelativeToNow) = (new Kept(answer, time.GetTimestamp()), 1, _age);
    }

    /// <summary>By a clock that does not jump: the cache goes by the wall clock, which may be set back.</summary>
    private T? Find<T>(Key key)
        where T : class =>
        _answers.TryGetValue(key, out Kept? kept) && kept is not null && time.GetElapsedTime(kept.At) < _age ? (T)kept.Answer : null;

    private sealed record Key(string UserId, object Request);

    private sealed record Kept(object Answer, long At);
}
