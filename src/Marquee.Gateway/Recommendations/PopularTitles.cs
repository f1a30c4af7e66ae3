using System.Collections.Concurrent;
using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Recommendations;
using Marquee.Gateway.Grains;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Recommendations;

/// <summary>What is most watched now, and, when even that cannot be had, what was when it last could.</summary>
internal sealed class PopularTitles(IGrainFactory grains, GrainReads reads, IOptions<GatewayOptions> options)
{
    /// <summary>Most titles that can be asked for.</summary>
    public const int CountMax = 500;

    private readonly ICatalogueReaderGrain _catalogue = grains.GetGrain<ICatalogueReaderGrain>(options.Value.Tenant);

    // At most one entry per country code, and one for everyone (the empty key).
    private readonly ConcurrentDictionary<string, ImmutableArray<SlateItem>> _last = new(StringComparer.Ordinal);

    /// <summary>Popular titles, best first.</summary>
    /// <param name="country">Upper-case country code, or null.</param>
    /// <param name="count">1 to <see cref="CountMax"/>.</param>
    /// <param name="metadata">Whether each item carries the title's metadata.</param>
    public async Task<PopularAnswer> GetAsync(string? country, int count, bool metadata)
    {
        var answer = await reads.TryAsync("GetTrending", () => _catalogue.GetTrending(country, count, metadata));
        if (answer.IsThere)
        {
            Keep(country ?? "", answer.Value);
            return new PopularAnswer(answer.Value, false);
        }

        return new PopularAnswer([.. _last.GetValueOrDefault(country ?? "", []).Take(count)], true);
    }

    private void Keep(string key, ImmutableArray<SlateItem> items)
    {
        if (!_last.TryGetValue(key, out var kept) || kept.Length <= items.Length)
        {
            _last[key] = items;
        }
    }
}

/// <summary>Popular titles.</summary>
/// <param name="Items">Best first.</param>
/// <param name="Degraded">They are old, or none could be had.</param>
internal readonly record struct PopularAnswer(ImmutableArray<SlateItem> Items, bool Degraded);
