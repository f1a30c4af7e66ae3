using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Marquee.Cluster.Tests.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Marquee.Cluster.Tests.Page;

/// <summary>One person's window on the page, and the words that the tests have for what is in it.</summary>
public sealed partial class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public Visit(IBrowserContext context, IPage page)
    {
        SetDefaultExpectTimeout(60_000);
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"uncaught: {error}");
    }

    /// <summary>The window.</summary>
    public IPage Page { get; }

    /// <summary>What the browser's console complained of: failed loads, forbidden content, uncaught exceptions.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>All posters of the home page's rows.</summary>
    public ILocator Posters => Page.Locator("#rows .row:not(.skeleton) .card");

    /// <summary>The row of top picks.</summary>
    public ILocator TopPicks => Page.Locator("#rows .row[data-row='top-picks'] .card");

    /// <summary>The expanded card.</summary>
    public ILocator Sheet => Page.Locator("#sheet");

    /// <summary>Opens the page as a user and waits for the rows.</summary>
    /// <remarks>Other tests lay networks of their own, and Chromium lets go of what it loads when a network comes or goes: then the page is opened again, as a person would.</remarks>
    public async Task OpenAsync(string userId)
    {
        const int MostTries = 5;
        for (var (tries, before) = (0, -1); tries < MostTries && (before < 0 || HasLetGoSince(before)); tries++)
        {
            before = _complaints.Count;
            await Page.GotoAsync($"/?user={userId}");
        }

        try
        {
            await Expect(TopPicks.First).ToBeVisibleAsync();
        }
        catch (PlaywrightException exception)
        {
            throw new InvalidOperationException($"The page of {userId} has no rows. The browser says: {string.Join("; ", _complaints)}", exception);
        }
    }

    private bool HasLetGoSince(int before) => _complaints.Skip(before).Any(static complaint => complaint.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal));

    /// <summary>The id of the title that a poster shows.</summary>
    public static async Task<string> TitleOf(ILocator poster) => (await poster.GetAttributeAsync("data-title"))!;

    /// <summary>The ids of the titles in the order of the rows.</summary>
    public async Task<IReadOnlyList<string>> TitlesAsync() =>
        await Posters.EvaluateAllAsync<string[]>("cards => cards.map(card => card.dataset.title)");

    /// <summary>Waits until a title is on none of the posters.</summary>
    public async Task ExpectGoneAsync(string titleId) =>
        await Expect(Page.Locator($"#rows [data-title='{titleId}']")).ToHaveCountAsync(0);

    /// <summary>Waits until the meter tells a time from click to new rows.</summary>
    public async Task ExpectMeasuredAsync()
    {
        await Expect(Page.Locator("#meter-value")).ToHaveTextAsync(Time());
        await Expect(Page.Locator("#toast .toast-more")).ToHaveTextAsync(AfterYourClick());
    }

    /// <summary>Waits until the picture of a poster has been drawn, and counts its colours.</summary>
    public static async Task<int> ColoursOf(ILocator poster)
    {
        var canvas = poster.Locator("canvas");
        await Expect(canvas).ToHaveClassAsync(Drawn());
        return await canvas.EvaluateAsync<int>("""
            canvas => {
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
              copy.drawImage(canvas, 0, 0);
              const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              return new Set(pixels).size;
            }
            """);
    }

    /// <summary>Keeps a picture of the window among the build's artefacts.</summary>
    public Task KeepAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts, "page", name + ".png") });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [GeneratedRegex(@"^\d+(\.\d)? m?s$")]
    private static partial Regex Time();

    [GeneratedRegex(@"\d+(\.\d)? m?s after your click$")]
    private static partial Regex AfterYourClick();

    [GeneratedRegex(@"\bdrawn\b")]
    private static partial Regex Drawn();
}
