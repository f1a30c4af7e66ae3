using System.Collections.Concurrent;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Catalogue;

/// <summary>This silo's copy of the catalogue: an immutable snapshot behind one reference, kept fresh by pulling from the feed.</summary>
public sealed class CatalogueReplica(
    IGrainFactory grains,
    TitleTable titles,
    PackedForms packed,
    NodeMetrics metrics,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILogger<CatalogueReplica> logger) : Follower(time, logger)
{
    /// <summary>A snapshot made from many changes costs little more than one made from few, so a busy replica gathers.</summary>
    private static readonly TimeSpan GatherInterval = TimeSpan.FromMilliseconds(50);
    private const int GatherFactor = 2;

    private readonly Lock _lock = new();
    private readonly TitleNumbers _numbers = new(titles);
    private readonly ConcurrentDictionary<string, TitleMessage> _metadata = new(StringComparer.Ordinal);
    private volatile CatalogueSnapshot _current = CatalogueSnapshot.Empty(titles);
    private volatile bool _isComplete;
    private ICatalogueFeedGrain? _feed;
    private long _incarnation;
    private long _heardAt = time.GetTimestamp();
    private long _version;

    /// <summary>The newest snapshot.</summary>
    public CatalogueSnapshot Current => _current;

    /// <summary>The feed's version that it holds.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Whether it has held everything that the feed held at one time; before, titles may be missing.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Time since the feed was last heard.</summary>
    public TimeSpan Age => Time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>All titles with metadata, as they were given.</summary>
    public IEnumerable<TitleMessage> Titles => _metadata.Values;

    /// <summary>All titles with metadata, as the engine sees them.</summary>
    public IReadOnlyCollection<TitleMetadata> Metadata => [.. _metadata.Values.Select(title => title.ToEngine())];

    /// <summary>A title's metadata as it was given, or null.</summary>
    public TitleMessage? MetadataOf(string titleId) => _metadata.GetValueOrDefault(titleId);

    /// <summary>Ranks with another model from now on.</summary>
    public void Publish(PublishedModel model)
    {
        lock (_lock)
        {
            _current = _current.With(model, [], [], _current.StreamTime, _current.Version);
        }
    }

    /// <inheritdoc/>
    protected override long Reached => Version;

    /// <inheritdoc/>
    protected override async Task PollOnce(CancellationToken stoppingToken)
    {
        var delta = await Read(stoppingToken);
        var heardAt = Time.GetTimestamp();
        Volatile.Write(ref _heardAt, heardAt);
        Take(delta);
        if (!delta.More)
        {
            var gather = Time.GetElapsedTime(heardAt) * GatherFactor;
            await Task.Delay(gather > GatherInterval ? gather : GatherInterval, Time, stoppingToken);
        }
    }

    /// <inheritdoc/>
    protected override string WhenUnanswered() => $"The catalogue feed does not answer; serving version {Version} meanwhile";

    private async Task<CatalogueDelta> Read(CancellationToken stoppingToken)
    {
        _feed ??= grains.GetGrain<ICatalogueFeedGrain>(options.Value.Tenant);
        return packed.AreKnownToAll
            ? (await _feed.ReadPackedDelta(Version, LongPoll).WaitAsync(stoppingToken)).Delta
            : await _feed.ReadDelta(Version, LongPoll).WaitAsync(stoppingToken);
    }

    private void Take(CatalogueDelta delta)
    {
        if (delta.Incarnation != _incarnation)
        {
            // Another activation counts versions anew: what is here stays in use, everything is read again.
            _incarnation = delta.Incarnation;
            if (Version != 0)
            {
                Volatile.Write(ref _version, 0);
                return;
            }
        }

        if (delta.Rows.Length > 0)
        {
            Take(delta.Rows.AsSpan(), delta.Version);
        }

        Volatile.Write(ref _version, delta.Version);
        _isComplete |= !delta.More;
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var row in delta.Rows)
        {
            if (row.Live is { CommittedAt: > 0 } live)
            {
                metrics.NoteFreshness(TimeSpan.FromMilliseconds(Math.Max(0, now - live.CommittedAt)));
            }
        }

        NoteChanged();
    }

    private void Take(ReadOnlySpan<CatalogueRowMessage> rows, long version)
    {
        var changed = new List<CatalogueRow>(rows.Length);
        var removed = new List<string>();
        var streamTime = 0L;
        foreach (var row in rows)
        {
            if (row.Parts.HasFlag(CatalogueParts.Metadata))
            {
                Remember(row.TitleId, row.Metadata);
            }

            if (row.Removed)
            {
                removed.Add(row.TitleId);
                continue;
            }

            var engineRow = row.ToEngine(_current.Find(row.TitleId), _numbers);
            changed.Add(engineRow);
            streamTime = Math.Max(streamTime, engineRow.Statistics.LastEventAt);
        }

        _numbers.Forget();

        // The stream's clock never runs ahead of the wall clock.
        streamTime = Math.Min(streamTime, Time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_lock)
        {
            _current = _current.With(_current.Model, changed, removed, streamTime, version);
        }
    }

    private void Remember(string titleId, TitleMessage? metadata)
    {
        if (metadata is not null)
        {
            _metadata[titleId] = metadata;
        }
        else
        {
            _metadata.TryRemove(titleId, out _);
        }
    }
}
