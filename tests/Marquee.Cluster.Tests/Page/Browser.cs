using Microsoft.Playwright;

namespace Marquee.Cluster.Tests.Page;

/// <summary>A real Chromium without a window: Debian's, or the one that <c>CHROMIUM</c> names.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    private static string Executable => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium";

    /// <summary>Starts the browser.</summary>
    public static async Task<Browser> StartAsync()
    {
        Assert.True(File.Exists(Executable), $"There is no Chromium at {Executable}. Install the package 'chromium' or set CHROMIUM to its path.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Switches });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a window of a person who has never been here.</summary>
    /// <param name="address">The node's address.</param>
    /// <param name="width">In CSS pixels.</param>
    /// <param name="height">In CSS pixels.</param>
    /// <param name="isPhone">With a touch screen and without a mouse.</param>
    /// <param name="isCalm">Asks for reduced motion, which spares a machine without a graphics card most of the work.</param>
    public async Task<Visit> VisitAsync(Uri address, int width = 1440, int height = 900, bool isPhone = false, bool isCalm = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            IsMobile = isPhone,
            HasTouch = isPhone,
            DeviceScaleFactor = isPhone ? 2 : 1,
            Locale = "en-GB",
            ReducedMotion = isCalm ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
        });
        context.SetDefaultTimeout(60_000);
        return new Visit(context, await context.NewPageAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
