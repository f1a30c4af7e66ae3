using Marquee.Cli.Chaos.Histories;

namespace Marquee.Tests.Chaos;

/// <summary>The judge of what is answered while faults are inflicted is judged.</summary>
public sealed class AnswerRulesTests
{
    private static readonly double Late = AnswerRules.LongestLag.TotalMilliseconds + 100;

    private static readonly HistoryRecord[] Watched =
    [
        Invoke(1, 1, CallAction.Append) with { Events = [new("a", "ada", "moon", "complete"), new("b", "ada", "star", "like")] },
        Answer(2, 1, CallAction.Append) with { Position = "3.1.1" },
    ];

    [Fact]
    public void Slate_WithATokenShowsWhatWasCompletedBefore_IsStale() => Assert.Equal("slate", Assert.Single(Check(Slate(3, ["star", "moon"]))).Rule);

    [Fact]
    public void Slate_WithoutWhatWasCompleted_IsSound() => Assert.Empty(Check(Slate(3, ["star"])));

    [Fact]
    public void Slate_ThatSaysThatItIsDegraded_MayBeOlder() => Assert.Empty(Check(Slate(3, ["moon"], degraded: true)));

    [Fact]
    public void Slate_BegunBeforeTheAcknowledgement_MayShowIt() => Assert.Empty(Check(Slate(1.5, ["moon"])));

    [Fact]
    public void Count_BetweenAcknowledgedAndSent_IsSound()
    {
        Assert.Empty(Check(Count(3, likes: 0)));
        Assert.Empty(Check(Count(Late, likes: 1)));
    }

    [Fact]
    public void Count_MoreThanWasSent_IsFound() => Assert.Equal("count", Assert.Single(Check(Count(3, likes: 2))).Rule);

    [Fact]
    public void Count_LessThanWasAcknowledgedLongBefore_IsFound() => Assert.Equal("count", Assert.Single(Check(Count(Late, likes: 0))).Rule);

    [Fact]
    public void Title_AsItWasWritten_IsSound() => Assert.Empty(Check([.. Written(RecordKind.Ok), .. Title(Late, 2)]));

    [Fact]
    public void Title_AsItWasWrittenShortlyBefore_IsSound() => Assert.Empty(Check([.. Written(RecordKind.Ok), .. Title(20, 1)]));

    [Fact]
    public void Title_AsItWasWrittenLongBefore_IsFound() => Assert.Equal("title", Assert.Single(Check([.. Written(RecordKind.Ok), .. Title(Late, 1)])).Rule);

    [Fact]
    public void Title_AsNobodyHasWrittenItYet_IsFound() => Assert.Equal("title", Assert.Single(Check([.. Written(RecordKind.Ok), .. Title(20, 3)])).Rule);

    [Fact]
    public void Title_OfAWriteOfUnknownOutcome_MayHaveComeLate() => Assert.Empty(Check([.. Written(RecordKind.Unknown), .. Title(Late, 1)]));

    private static List<Violation> Check(HistoryRecord[] records)
    {
        var violations = new List<Violation>();
        var calls = CallRecord.Join([.. Watched, .. records], violations);
        AnswerRules.Check(calls, new EventFates(calls), violations);
        return violations;
    }

    private static HistoryRecord[] Slate(double at, string[] shown, bool degraded = false) =>
        [Invoke(at, 2, CallAction.Recommend) with { User = "ada", After = "3.1.1" }, Answer(at + 1, 2, CallAction.Recommend) with { Shown = shown, Degraded = degraded }];

    private static HistoryRecord[] Count(double at, long likes) =>
        [Invoke(at, 3, CallAction.Count) with { Title = "star" }, Answer(at + 1, 3, CallAction.Count) with { Counts = new Dictionary<string, long> { ["like"] = likes } }];

    /// <summary>Twice; the first with this outcome.</summary>
    private static HistoryRecord[] Written(RecordKind first) =>
    [
        Invoke(10, 4, CallAction.Upsert) with { Title = "moon", Version = 1 },
        Answer(11, 4, CallAction.Upsert) with { Kind = first },
        Invoke(12, 5, CallAction.Upsert) with { Title = "moon", Version = 2 },
        Answer(13, 5, CallAction.Upsert),
    ];

    private static HistoryRecord[] Title(double at, int version) =>
        [Invoke(at, 6, CallAction.Title) with { Title = "moon" }, Answer(at + 1, 6, CallAction.Title) with { Version = version }];

    private static HistoryRecord Invoke(double at, long call, CallAction action) => new() { At = at, Kind = RecordKind.Invoke, Call = call, Action = action };

    private static HistoryRecord Answer(double at, long call, CallAction action) => new() { At = at, Kind = RecordKind.Ok, Call = call, Action = action };
}
