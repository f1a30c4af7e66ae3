using System.Collections.Immutable;
using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Titles;

/// <summary>Has titles' grains, which should be on this silo, take over what changed, and hands their rows to the catalogue feed.</summary>
internal sealed class TitlePublisher(IGrainFactory grains, GrainReferences<ITitleGrain> titles, ILogger<TitlePublisher> logger)
{
    /// <summary>Takes over and hands on; answers with the titles that could not be, because their grain or the feed did not answer.</summary>
    public async Task<ImmutableArray<string>> Publish(string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        var rows = await Task.WhenAll(changes.Select(change => Apply(tenant, change)));
        try
        {
            await grains.GetGrain<ICatalogueFeedGrain>(tenant).Publish([.. rows.OfType<TitleRowMessage>()]);
            return [.. changes.Where((_, i) => rows[i] is null).Select(change => change.TitleId)];
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The catalogue feed of {Tenant} did not take over {Count} rows; trying again", tenant, rows.Length);
            return [.. changes.Select(change => change.TitleId)];
        }
    }

    private async Task<TitleRowMessage?> Apply(string tenant, TitleChangeMessage change)
    {
        try
        {
            return await titles.Of(GrainKeys.Of(tenant, change.TitleId)).Apply(change.Shares);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Title {Title} did not take over what changed; trying again", change.TitleId);
            return null;
        }
    }
}
