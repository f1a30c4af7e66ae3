using System.Net;
using System.Runtime.CompilerServices;
using Marquee.Client.Http;
using Marquee.Client.Titles;

namespace Marquee.Client;

public sealed partial class MarqueeClient
{
    /// <summary>The most titles that one call may carry.</summary>
    public const int TitlesPerCallMax = 1000;

    /// <summary>Adds titles to the catalogue or replaces them. They are recommendable when it returns.</summary>
    /// <param name="titles">1 to <see cref="TitlesPerCallMax"/> titles.</param>
    /// <param name="cancellationToken">Ends the call; what was sent may have landed.</param>
    /// <returns>The counts, and an error for each item that was refused, even when it is all of them; the others are kept.</returns>
    /// <exception cref="ArgumentException">No titles, or too many.</exception>
    public async Task<TitleBatchOutcome> UpsertTitlesAsync(IReadOnlyList<Title> titles, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(titles);
        if (titles.Count is 0 or > TitlesPerCallMax)
        {
            throw new ArgumentException($"A call carries 1 to {TitlesPerCallMax} titles, not {titles.Count}.", nameof(titles));
        }

        var body = NdjsonBody.Write(titles, MarqueeJson.Default.Title);
        try
        {
            var (outcome, attempts) = await CallAsync(HttpMethod.Post, "v1/titles", body, MarqueeJson.Default.TitleBatchOutcome, cancellationToken).ConfigureAwait(false);
            return outcome with { Attempts = attempts };
        }
        catch (MarqueeProblemException problem) when (problem.RefusesEachOf(titles.Count))
        {
            return new TitleBatchOutcome { Rejected = titles.Count, Errors = problem.Errors };
        }
    }

    /// <summary>A title's metadata; null when the catalogue does not hold it.</summary>
    public async Task<Title?> GetTitleAsync(string titleId, CancellationToken cancellationToken = default)
    {
        try
        {
            var address = $"v1/titles/{Address.Segment(titleId, nameof(titleId))}";
            return (await GetAsync(address, MarqueeJson.Default.Title, cancellationToken).ConfigureAwait(false)).Answer;
        }
        catch (MarqueeProblemException problem) when (problem.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The catalogue, the most popular titles first, fetched page by page while it is read.</summary>
    /// <param name="query">Words of the name, best match first; all titles when left out.</param>
    /// <param name="pageSize">Titles per call, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <remarks>Titles whose popularity changes meanwhile may come twice or be missing.</remarks>
    public async IAsyncEnumerable<Title> GetTitlesAsync(
        string? query = null,
        int pageSize = 1000,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var address = Address.WithQuery("v1/titles", ("query", query), ("limit", pageSize), ("cursor", cursor));
            var (page, _) = await GetAsync(address, MarqueeJson.Default.TitlePage, cancellationToken).ConfigureAwait(false);
            foreach (var title in page.Items)
            {
                yield return title;
            }

            cursor = page.Next;
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    /// <summary>Takes a title out of the catalogue; false when it was not there.</summary>
    public Task<bool> DeleteTitleAsync(string titleId, CancellationToken cancellationToken = default) =>
        DeleteAsync($"v1/titles/{Address.Segment(titleId, nameof(titleId))}", cancellationToken);

    /// <summary>A title's live counters.</summary>
    public async Task<TitleStats> GetTitleStatsAsync(string titleId, CancellationToken cancellationToken = default)
    {
        var address = $"v1/titles/{Address.Segment(titleId, nameof(titleId))}/stats";
        return (await GetAsync(address, MarqueeJson.Default.TitleStats, cancellationToken).ConfigureAwait(false)).Answer;
    }

    /// <summary>Titles like another one.</summary>
    /// <param name="titleId">The title that they should be like.</param>
    /// <param name="count">How many; the node's default when left out.</param>
    /// <param name="metadata">Ask for name, year and genres of each title.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<SimilarTitles> GetSimilarAsync(string titleId, int? count = null, bool metadata = false, CancellationToken cancellationToken = default)
    {
        var address = Address.WithQuery($"v1/titles/{Address.Segment(titleId, nameof(titleId))}/similar", ("count", count), ("metadata", metadata));
        return (await GetAsync(address, MarqueeJson.Default.SimilarTitles, cancellationToken).ConfigureAwait(false)).Answer;
    }

    /// <summary>What is trending now.</summary>
    /// <param name="country">ISO 3166-1 alpha-2 code; everywhere when left out.</param>
    /// <param name="count">How many; the node's default when left out.</param>
    /// <param name="metadata">Ask for name, year and genres of each title.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<TrendingTitles> GetTrendingAsync(string? country = null, int? count = null, bool metadata = false, CancellationToken cancellationToken = default)
    {
        var address = Address.WithQuery("v1/trending", ("country", country), ("count", count), ("metadata", metadata));
        return (await GetAsync(address, MarqueeJson.Default.TrendingTitles, cancellationToken).ConfigureAwait(false)).Answer;
    }
}
