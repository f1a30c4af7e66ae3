using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Titles;

/// <summary>Has titles' grains, which should be on this silo, take over what changed, and hands their rows to the catalogue feed.</summary>
internal sealed class TitlePublisher(IGrainFactory grains, GrainReferences<ITitleGrain> titles, ILogger<TitlePublisher> logger)
{
    /// <summary>Takes over and hands on; answers with the titles that could not be, because their grain or the feed did not answer.</summary>
    /// <remarks>Where silos differ for a moment about which activation of the feed is the living one, the partition has to know whom this silo told: it asks before it tells, so that whoever is told is not an earlier one.</remarks>
    public async Task<TitlesPublished> Publish(string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        var answers = changes.Select(change => titles.Of(GrainKeys.Of(tenant, change.TitleId)).Apply(change.Shares)).ToArray();
        await ((Task)Task.WhenAll(answers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        string[] missed = [.. changes.Where((_, i) => !answers[i].IsCompletedSuccessfully).Select(change => change.TitleId)];
        if (missed.Length > 0)
        {
            var first = answers.First(answer => !answer.IsCompletedSuccessfully);
            logger.LogWarning(first.Exception, "{Count} titles did not take over what changed, {Title} the first; trying again", missed.Length, missed[0]);
        }

        try
        {
            var feed = grains.GetGrain<ICatalogueFeedGrain>(tenant);
            var coverage = await feed.GetCovered(partition: 0);
            await feed.Publish([.. answers.Where(answer => answer.IsCompletedSuccessfully).Select(answer => answer.Result)]);
            return new TitlesPublished(ImmutableCollectionsMarshal.AsImmutableArray(missed), coverage.Incarnation);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The catalogue feed of {Tenant} did not take over {Count} rows; trying again", tenant, answers.Length - missed.Length);
            return new TitlesPublished([.. changes.Select(change => change.TitleId)], Feed: 0);
        }
    }
}
