using System.Net.Http.Json;
using Marquee.Cluster.Tests.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Marquee.Cluster.Tests.Page;

/// <summary>The page when its node dies under it, and with names that somebody meant ill with.</summary>
[Collection<SampleNodeTests>]
public sealed class PageRestartTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Training=false", "--Marquee:Partitions=4"]);
    private Browser? _browser;

    public async ValueTask InitializeAsync()
    {
        await _node.Start();
        await _node.AddTitles(60);
        _browser = await Browser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Kill_WhileAPersonClicks_KeepsTheEventsAndDeliversEachOnce()
    {
        await using var visit = await _browser!.VisitAsync(_node.Address, isCalm: false);
        await visit.OpenAsync("patient");
        var finished = await Visit.TitleOf(visit.TopPicks.First);
        var liked = await Visit.TitleOf(visit.TopPicks.Nth(1));
        await _node.Kill();
        await visit.TopPicks.First.Locator(".card-open").FocusAsync();
        await visit.Page.Keyboard.PressAsync("f");
        await visit.TopPicks.Nth(1).Locator(".card-open").FocusAsync();
        await visit.Page.Keyboard.PressAsync("l");
        await Expect(visit.Page.Locator("#banner")).ToContainTextAsync("Reconnecting");
        await visit.KeepAsync("node-gone");
        await _node.Start();

        await visit.ExpectGoneAsync(finished);
        await Expect(visit.Page.Locator("#banner")).Not.ToContainTextAsync("Reconnecting");
        Assert.Equal(["complete"], await ActsOf("patient", finished));
        Assert.Equal(["like"], await ActsOf("patient", liked));

        // Asked from here: what Playwright asks again inside the page is an eval there, which the page's policy forbids.
        for (var asked = 1; !await visit.Page.EvaluateAsync<bool>("Object.keys(localStorage).every(key => !key.startsWith('marquee.outbox.'))"); asked++)
        {
            Assert.True(asked < 100, "What was delivered is still waiting in the page.");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Kill_AndCloseTheTab_DeliversTheEventAtTheNextVisit()
    {
        await using var visit = await _browser!.VisitAsync(_node.Address);
        await visit.OpenAsync("returning");
        var finished = await Visit.TitleOf(visit.TopPicks.First);
        await _node.Kill();
        await visit.TopPicks.First.Locator(".card-open").FocusAsync();
        await visit.Page.Keyboard.PressAsync("f");
        await Expect(visit.Page.Locator("#banner")).ToContainTextAsync("Reconnecting");
        await visit.Page.GotoAsync("about:blank");
        await _node.Start();
        await visit.OpenAsync("returning");

        await visit.ExpectGoneAsync(finished);
        Assert.Equal(["complete"], await ActsOf("returning", finished));
    }

    [Fact]
    public async Task Title_WhoseNameIsMarkup_IsShownAsText()
    {
        const string Name = "<img src=x onerror=document.title='broken'> & <script>document.title='broken'</script>";
        using var answer = await _node.Http.PutAsJsonAsync("v1/titles/wicked", new { titleId = "wicked", name = Name, genres = new[] { "<b>Drama</b>" } }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await using var visit = await _browser!.VisitAsync(_node.Address);
        await visit.OpenAsync("reader");
        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync("img");
        await visit.Page.GetByRole(AriaRole.Option).First.ClickAsync();

        await Expect(visit.Sheet.Locator("#sheet-name")).ToHaveTextAsync(Name);
        Assert.Equal(0, await visit.Page.Locator("main img, dialog img[src=x], b").CountAsync());
        Assert.Equal("Marquee", await visit.Page.TitleAsync());
        Assert.Empty(visit.Complaints);
    }

    private async Task<string[]> ActsOf(string userId, string titleId)
    {
        var history = await _node.Get($"v1/users/{userId}/history");
        return [.. history.GetProperty("events").EnumerateArray()
            .Where(entry => entry.GetProperty("titleId").GetString() == titleId)
            .Select(entry => entry.GetProperty("type").GetString()!)
            .Where(type => type != "impression")];
    }
}
