using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>Hands the titles that changed in a partition's folds to their grains, a few times a second.</summary>
internal sealed class TitleHandOver(IGrainFactory grains, OpenPartition partition, TimeProvider time, ILogger logger)
{
    private const int MostCallsAtOnce = 512;

    /// <summary>
    /// Titles whose neighbours alone changed: under load one for two titles with other changes, so that they cost a
    /// bounded share of the work; many when nothing else changed.
    /// </summary>
    private const double NeighboursOnlyShareUnderLoad = 0.5;
    private const int MostWithNeighboursOnlyWhenIdle = 256;

    private readonly HashSet<string> _askedCoverage = new(StringComparer.Ordinal);
    private long _oldestCommit;

    /// <summary>Title changes before this offset have reached the catalogue feed.</summary>
    public long PublishedOffset { get; private set; }

    /// <summary>Notes that something was committed, for the freshness metric.</summary>
    public void NoteCommit()
    {
        if (_oldestCommit == 0)
        {
            _oldestCommit = time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    /// <summary>Titles handed over in the last run; many mean that gathering longer saves work.</summary>
    public int TitlesOfLastRun { get; private set; }

    /// <summary>Hands over everything that changed, and tells the feed how far it has come.</summary>
    /// <returns>False when some titles could not be handed over and stay changed.</returns>
    public async Task<bool> Run()
    {
        var upTo = partition.State.NextOffset;
        if (upTo == PublishedOffset && partition.State.Folds.Values.All(fold => !fold.HasChangedTitles))
        {
            return true;
        }

        TitlesOfLastRun = 0;
        var committedAt = _oldestCommit;
        _oldestCommit = 0;
        foreach (var (tenant, fold) in partition.State.Folds)
        {
            if (!await HandOver(tenant, fold, upTo, committedAt))
            {
                return false;
            }
        }

        PublishedOffset = upTo;
        return true;
    }

    private async Task<bool> HandOver(string tenant, EngagementFold fold, long upTo, long committedAt)
    {
        var feed = grains.GetGrain<ICatalogueFeedGrain>(tenant);
        try
        {
            if (!_askedCoverage.Contains(tenant))
            {
                fold.MarkChangedSince(await feed.GetCovered(partition.Number));
                _askedCoverage.Add(tenant);
            }

            var failed = false;
            var most = partition.State.NextOffset == PublishedOffset
                ? MostWithNeighboursOnlyWhenIdle
                : (int)Math.Ceiling(NeighboursOnlyShareUnderLoad * fold.CountOfChangedTitles);
            var changed = fold.TakeChangedTitles(most);
            TitlesOfLastRun += changed.Count;
            foreach (var chunk in changed.Chunk(MostCallsAtOnce))
            {
                failed |= !(await Task.WhenAll(chunk.Select(title => HandOver(tenant, fold, title, committedAt)))).All(done => done);
            }

            if (failed)
            {
                return false;
            }

            if (!fold.HasChangedTitles)
            {
                await feed.NoteCovered(partition.Number, upTo);
            }

            return true;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The catalogue feed of {Tenant} does not answer partition {Partition}; trying again", tenant, partition.Number);
            return false;
        }
    }

    private async Task<bool> HandOver(string tenant, EngagementFold fold, TitleAccumulator title, long committedAt)
    {
        try
        {
            var delta = fold.TakeDelta(title).ToMessage(partition.Number, committedAt);
            await grains.GetGrain<ITitleGrain>(GrainKeys.Of(tenant, title.TitleId)).Apply(delta);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Title {Title} did not take over what changed in partition {Partition}; trying again", title.TitleId, partition.Number);
            fold.ReturnChangedTitle(title);
            return false;
        }
    }
}
