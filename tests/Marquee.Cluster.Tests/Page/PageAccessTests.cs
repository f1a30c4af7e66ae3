using static Microsoft.Playwright.Assertions;

namespace Marquee.Cluster.Tests.Page;

/// <summary>The page by keyboard alone and on a phone.</summary>
[Collection<SampleNodeTests>]
public sealed class PageAccessTests(SampleNode sample)
{
    [Fact]
    public async Task Keyboard_Alone_WalksOpensActsAndNeverLosesTheFocus()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(sample.NewGuest());
        var keyboard = visit.Page.Keyboard;

        await keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the recommendations", await visit.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Tab");
        Assert.Equal(await Visit.TitleOf(visit.Posters.First), await Focused(visit));

        await keyboard.PressAsync("ArrowRight");
        await keyboard.PressAsync("ArrowRight");
        Assert.Equal(await Visit.TitleOf(visit.TopPicks.Nth(2)), await Focused(visit));
        await keyboard.PressAsync("ArrowDown");
        Assert.Equal("1", await visit.Page.EvaluateAsync<string>("String([...document.querySelectorAll('#rows .row')].indexOf(document.activeElement.closest('.row')))"));
        await keyboard.PressAsync("ArrowUp");
        await keyboard.PressAsync("Home");
        var first = await Focused(visit);
        Assert.Equal(await Visit.TitleOf(visit.TopPicks.First), first);

        await keyboard.PressAsync("Enter");
        await Expect(visit.Sheet.Locator("#sheet-name")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Sheet).ToBeHiddenAsync();
        Assert.Equal(first, await Focused(visit));

        await keyboard.PressAsync("f");
        await visit.ExpectGoneAsync(first!);
        await Expect(visit.Page.Locator("#announcer")).ToContainTextAsync("Finished");
        Assert.Contains(await Focused(visit), await visit.TitlesAsync());
    }

    [Fact]
    public async Task Rows_HaveOneTabStopEach()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(sample.NewGuest());
        var stops = await visit.Page.Locator("#rows .track").EvaluateAllAsync<int[]>("tracks => tracks.map(track => track.querySelectorAll('[tabindex=\"0\"]').length)");
        Assert.All(stops, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(360, 740)]
    [InlineData(390, 844)]
    public async Task Phone_EveryPartOfThePage_FitsTheWidth(int width, int height)
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address, width, height, isPhone: true);
        await visit.Page.GotoAsync("/");
        await Expect(visit.Page.Locator(".tile.new")).ToBeVisibleAsync();
        await ExpectNoSidewaysScroll(visit, width);
        await visit.Page.Locator(".tile.new").TapAsync();
        await Expect(visit.TopPicks.First).ToBeVisibleAsync();
        await ExpectNoSidewaysScroll(visit, width);
        await visit.KeepAsync($"phone-{width}");

        await visit.TopPicks.First.Locator(".card-open").TapAsync();
        await Expect(visit.Sheet.Locator(".sheet-like .like-open").First).ToBeVisibleAsync();
        await ExpectNoSidewaysScroll(visit, width);
        await visit.KeepAsync($"phone-{width}-sheet");
        await visit.Page.Locator("#sheet-close").TapAsync();

        await visit.Page.Locator("#operator-open").TapAsync();
        await Expect(visit.Page.Locator("#operator-grid .cell").First).ToBeVisibleAsync();
        await ExpectNoSidewaysScroll(visit, width);
        await visit.Page.Locator("#operator-close").TapAsync();
        await visit.Page.Locator("#history-open").TapAsync();
        await ExpectNoSidewaysScroll(visit, width);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Phone_PlayOnTheSheet_ChangesTheRows()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address, 390, 844, isPhone: true);
        await visit.OpenAsync(sample.NewGuest());
        var first = await Visit.TitleOf(visit.TopPicks.First);
        await visit.TopPicks.First.Locator(".card-open").TapAsync();
        await visit.Sheet.Locator("[data-sheet='complete']").TapAsync();
        await visit.ExpectGoneAsync(first);
        await visit.ExpectMeasuredAsync();
    }

    private static Task<string?> Focused(Visit visit) =>
        visit.Page.EvaluateAsync<string?>("document.activeElement.closest('.card')?.dataset.title");

    /// <summary>Nothing sticks out: neither of the document nor of an open dialog.</summary>
    private static async Task ExpectNoSidewaysScroll(Visit visit, int width)
    {
        var widest = await visit.Page.EvaluateAsync<int>("""
            Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('dialog[open], #operator:not([hidden]), .sheet-body, .drawer-body')].map(part => part.scrollWidth))
            """);
        Assert.True(widest <= width, $"{widest} pixels on a screen of {width}");
    }
}
