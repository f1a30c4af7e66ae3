using System.Globalization;
using System.Text.RegularExpressions;
using Marquee.Cluster.Tests.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Marquee.Cluster.Tests.Page;

/// <summary>What a person does with the page, in a real browser, against a real node.</summary>
[Collection<SampleNodeTests>]
public sealed partial class PageTests(SampleNode sample)
{
    [Fact]
    public async Task Open_WithoutAUser_LetsOnePickASampleUserAndShowsTheirRows()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.Page.GotoAsync("/");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Who’s watching?" })).ToBeVisibleAsync();
        var tile = visit.Page.Locator(".tile[data-user]").First;
        var userId = await tile.GetAttributeAsync("data-user");
        await visit.KeepAsync("who-is-watching");
        await tile.ClickAsync();

        await Expect(visit.Posters.First).ToBeVisibleAsync();
        Assert.Contains($"user={userId}", visit.Page.Url, StringComparison.Ordinal);
        Assert.True(await visit.Page.Locator("#rows .row").CountAsync() >= 4);
        await Expect(visit.Page.Locator("#hero-name")).Not.ToBeEmptyAsync();
        await Expect(visit.Page.Locator("#trending .card")).ToHaveCountAsync(20);
        Assert.True(await Visit.ColoursOf(visit.Posters.First) > 500);
        Assert.True(await Visit.ColoursOf(visit.Page.Locator("#trending .card").First) > 100);
        await visit.KeepAsync("home");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task SomeoneNew_GetsRowsAndAnAddressOfTheirOwn()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.Page.GotoAsync("/");
        await visit.Page.Locator(".tile.new").ClickAsync();
        await Expect(visit.Posters.First).ToBeVisibleAsync();
        Assert.Matches(GuestAddress(), visit.Page.Url);
        var guest = visit.Page.Url;

        await visit.Page.GotoAsync("/");
        await Expect(visit.Posters.First).ToBeVisibleAsync();
        await visit.Page.Locator("#user").ClickAsync();
        await visit.Page.Locator("#gate-id").FillAsync("not an id");
        await visit.Page.Locator("#gate-form button").ClickAsync();
        await Expect(visit.Page.Locator("#gate-error")).Not.ToBeEmptyAsync();
        await visit.Page.Locator("#gate-id").FillAsync("somebody-else");
        await visit.Page.Locator("#gate-form button").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("user=somebody-else$"));
        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("#user")).ToHaveAttributeAsync("aria-label", new Regex("Guest"));
        Assert.Contains("guest-", guest, StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("play")]
    [InlineData("complete")]
    public async Task PlayOrFinish_TheFirstPoster_TakesItOutOfThePicksAndShowsTheTime(string type)
    {
        var guest = sample.NewGuest();
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(guest);
        var before = await visit.TitlesAsync();
        var first = await Visit.TitleOf(visit.TopPicks.First);
        await visit.TopPicks.First.Locator(".card-open").ClickAsync();
        await Expect(visit.Sheet).ToBeVisibleAsync();
        await visit.Sheet.Locator($"[data-sheet='{type}']").ClickAsync();

        await visit.ExpectMeasuredAsync();
        await Expect(visit.Page.Locator($"#rows .row[data-row='top-picks'] [data-title='{first}']")).ToHaveCountAsync(0);
        Assert.NotEqual(before, await visit.TitlesAsync());
        var acts = await ActsOf(guest, first);
        Assert.Equal([type], acts);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Finish_SeveralPosters_MovesTheRestAndOpensARowBecauseOfThem()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address, isCalm: false);
        await visit.OpenAsync(sample.NewGuest());
        for (var i = 0; i < 3; i++)
        {
            var first = await Visit.TitleOf(visit.TopPicks.First);
            await visit.TopPicks.First.Locator(".card-open").FocusAsync();
            await visit.Page.Keyboard.PressAsync("f");
            await visit.ExpectGoneAsync(first);
        }

        await Expect(visit.Page.Locator("#ghosts > *")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("#rows .row-name", new() { HasTextString = "Because you watched" }).First).ToBeVisibleAsync();
        Assert.True(await visit.Page.Locator("#meter-chart rect").CountAsync() >= 2);
        await visit.KeepAsync("after-three-films");
    }

    [Fact]
    public async Task Hide_APoster_TakesItAwayAndUndoTakesThatBack()
    {
        var guest = sample.NewGuest();
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(guest);
        var first = await Visit.TitleOf(visit.TopPicks.First);
        await visit.TopPicks.First.HoverAsync();
        await visit.TopPicks.First.Locator(".quick-hide").ClickAsync();
        await visit.ExpectGoneAsync(first);
        await visit.ExpectMeasuredAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(visit.Page.Locator($"#rows [data-title='{first}']")).ToHaveCountAsync(1);
        Assert.Equal(["unhide", "hide"], await ActsOf(guest, first));
    }

    [Fact]
    public async Task Like_OnTheSheet_StaysPressedAndChangesTheRowsBesideIt()
    {
        var guest = sample.NewGuest();
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(guest);
        var first = await Visit.TitleOf(visit.TopPicks.First);
        await visit.TopPicks.First.Locator(".card-open").ClickAsync();
        await visit.Sheet.GetByRole(AriaRole.Button, new() { Name = "Like", Exact = true }).ClickAsync();

        await visit.ExpectMeasuredAsync();
        await Expect(visit.Sheet.Locator("[data-sheet='like']")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(visit.Sheet).ToBeVisibleAsync();
        Assert.Equal(["like"], await ActsOf(guest, first));
    }

    [Fact]
    public async Task Sheet_OfAPick_ExplainsTheScoreByPartsThatAddUp()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(await SampleUser());
        await visit.TopPicks.First.Locator(".card-open").ClickAsync();
        await Expect(visit.Sheet.Locator(".why-line.sum")).ToBeVisibleAsync();
        await visit.Sheet.Locator(".why-all").ClickAsync();
        var values = await visit.Sheet.Locator(".why-line .why-value").AllTextContentsAsync();
        var numbers = values.Select(text => double.Parse(text.Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray();
        Assert.True(numbers.Length > 2);

        // Each of the shown numbers is rounded to three places.
        Assert.Equal(numbers[^1], numbers[..^1].Sum(), 0.0006 * numbers.Length);
        await Expect(visit.Sheet.Locator(".sheet-like .like-open").First).ToBeVisibleAsync();
        await visit.KeepAsync("why-this");

        var name = await visit.Sheet.Locator("#sheet-name").TextContentAsync();
        await visit.Sheet.Locator(".like-open").First.ClickAsync();
        await Expect(visit.Sheet.Locator("#sheet-name")).Not.ToHaveTextAsync(name!);
        await visit.Sheet.Locator("#sheet-back").ClickAsync();
        await Expect(visit.Sheet.Locator("#sheet-name")).ToHaveTextAsync(name!);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Impressions_OfPostersInSight_AreSentOncePerSlateAndCanBeSwitchedOff()
    {
        var (seen, unseen) = (sample.NewGuest(), sample.NewGuest());
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(seen);
        await visit.Page.EvaluateAsync("scrollTo(0, 500)");
        var history = await sample.Node.Eventually($"v1/users/{seen}/history", page => page.GetProperty("events").GetArrayLength() > 0);
        var titles = history.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("titleId").GetString()).ToArray();
        Assert.All(history.GetProperty("events").EnumerateArray(), entry => Assert.Equal("impression", entry.GetProperty("type").GetString()));
        Assert.Equal(titles.Distinct(), titles);

        await visit.Page.Locator("#history-open").ClickAsync();
        await visit.Page.GetByText("Tell the engine which posters I really saw").ClickAsync();
        await visit.Page.Locator("#history-close").ClickAsync();
        await visit.OpenAsync(unseen);
        var first = await Visit.TitleOf(visit.TopPicks.First);
        await visit.TopPicks.First.Locator(".card-open").FocusAsync();
        await visit.Page.Keyboard.PressAsync("l");
        await visit.ExpectMeasuredAsync();
        Assert.Equal(["like"], await ActsOf(unseen, first));
    }

    [Fact]
    public async Task Erase_AfterConfirmation_LeavesNothingInTheHistory()
    {
        var guest = sample.NewGuest();
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(guest);
        await visit.TopPicks.First.Locator(".card-open").FocusAsync();
        await visit.Page.Keyboard.PressAsync("l");
        await visit.ExpectMeasuredAsync();
        await visit.Page.Locator("#history-open").ClickAsync();
        await Expect(visit.Page.Locator(".history-event.type-like")).ToHaveCountAsync(1);
        await visit.KeepAsync("history");
        await visit.Page.Locator("#erase").ClickAsync();
        await visit.Page.Locator("#erase-yes").ClickAsync();
        await Expect(visit.Page.Locator("#toast")).ToContainTextAsync("Erased.");

        Assert.DoesNotContain("like", (await sample.Node.Get($"v1/users/{guest}/history")).GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task OperatorPanel_WhenOpen_ShowsTheNodeAndItsPartitions()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(sample.NewGuest());
        await visit.Page.Locator("#operator-open").ClickAsync();
        await Expect(visit.Page.Locator("#operator-ready")).ToHaveTextAsync("ready");
        await Expect(visit.Page.Locator("#operator-grid .cell")).ToHaveCountAsync(64);
        await Expect(visit.Page.Locator("#operator-figures .figure")).ToHaveCountAsync(6);
        await Expect(visit.Page.Locator("#operator-figures")).ToContainTextAsync("12,611 titles");
        await visit.KeepAsync("operator");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Search_ForAName_OpensTheTitle()
    {
        await using var visit = await sample.Browser.VisitAsync(sample.Node.Address);
        await visit.OpenAsync(sample.NewGuest());
        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync("gravity");
        await Expect(visit.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Gravity");
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Sheet.Locator("#sheet-name")).ToContainTextAsync("Gravity");
        Assert.Empty(visit.Complaints);
    }

    /// <summary>What a user did to a title, impressions aside, newest first.</summary>
    private async Task<string[]> ActsOf(string userId, string titleId)
    {
        var history = await sample.Node.Get($"v1/users/{userId}/history");
        return [.. history.GetProperty("events").EnumerateArray()
            .Where(entry => entry.GetProperty("titleId").GetString() == titleId)
            .Select(entry => entry.GetProperty("type").GetString()!)
            .Where(type => type != "impression")];
    }

    private async Task<string> SampleUser() =>
        (await sample.Node.Get("v1/sample")).GetProperty("users")[0].GetProperty("userId").GetString()!;

    [GeneratedRegex(@"\?user=guest-[0-9a-f]{8}$")]
    private static partial Regex GuestAddress();
}
