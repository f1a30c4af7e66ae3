using System.Runtime.CompilerServices;
using Marquee.Client.Http;
using Marquee.Client.Recommendations;
using Marquee.Client.Users;

namespace Marquee.Client;

public sealed partial class MarqueeClient
{
    /// <summary>Ranks the catalogue for a viewer, now. The viewer's own acknowledged events are always reflected.</summary>
    /// <param name="userId">The viewer; need not be known.</param>
    /// <param name="query">What is asked for; the node's defaults when left out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Slate> GetRecommendationsAsync(string userId, SlateQuery? query = null, CancellationToken cancellationToken = default)
    {
        var address = SlateAddress($"v1/users/{Address.Segment(userId, nameof(userId))}/recommendations", query?.Surface, query);
        return (await GetAsync(address, MarqueeJson.Default.Slate, cancellationToken).ConfigureAwait(false)).Answer;
    }

    /// <summary>A viewer's home page: ordered rows, no title twice.</summary>
    /// <inheritdoc cref="GetRecommendationsAsync"/>
    public async Task<HomePage> GetHomeAsync(string userId, SlateQuery? query = null, CancellationToken cancellationToken = default)
    {
        var address = SlateAddress($"v1/users/{Address.Segment(userId, nameof(userId))}/home", null, query);
        return (await GetAsync(address, MarqueeJson.Default.HomePage, cancellationToken).ConfigureAwait(false)).Answer;
    }

    /// <summary>Everything that is held of a viewer, newest first, fetched page by page while it is read.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="pageSize">Events per call, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <remarks>The viewer's own acknowledged events are always there. Events that arrive meanwhile may be missing.</remarks>
    public async IAsyncEnumerable<HistoryEvent> GetHistoryAsync(
        string userId,
        int pageSize = 1000,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var page = await GetHistoryPageAsync(userId, pageSize, cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Events)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    /// <summary>One page of what is held of a viewer.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="limit">Events on the page, 1 to 1,000.</param>
    /// <param name="cursor"><see cref="HistoryPage.Next"/> of the page before; the first page when left out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HistoryPage> GetHistoryPageAsync(string userId, int limit, string? cursor = null, CancellationToken cancellationToken = default)
    {
        var address = Address.WithQuery($"v1/users/{Address.Segment(userId, nameof(userId))}/history", ("limit", limit), ("cursor", cursor));
        return (await GetAsync(address, MarqueeJson.Default.HistoryPage, cancellationToken).ConfigureAwait(false)).Answer;
    }

    /// <summary>Erases everything that is held of a viewer; false when nothing was.</summary>
    public Task<bool> EraseUserAsync(string userId, CancellationToken cancellationToken = default) =>
        DeleteAsync($"v1/users/{Address.Segment(userId, nameof(userId))}", cancellationToken);

    private static string SlateAddress(string path, string? surface, SlateQuery? query) => Address.WithQuery(
        path,
        ("surface", surface),
        ("count", query?.Count),
        ("country", query?.Country),
        ("after", query?.After),
        ("explain", query?.Explain),
        ("metadata", query?.Metadata),
        ("explore", query is { Explore: false } ? "false" : null));
}
