using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Reports;

namespace Marquee.Tests.Chaos;

public sealed class NemesisFiguresTests
{
    [Fact]
    public void Of_CallsDuringAFault_AreCountedWithItAndRecoveryIsTheLastBadSecond()
    {
        // Ten calls of each kind per second; in the fault's first three seconds each second write is late, in the first one reads fail.
        var calls = Enumerable.Range(0, 100).SelectMany(i =>
        {
            var at = i * 100.0;
            var (isWriteBad, isReadBad) = (at is >= 1_000 and < 4_000 && i % 2 == 0, at is >= 1_000 and < 2_000);
            return new[]
            {
                Call(at, CallAction.Append, RecordKind.Ok, isWriteBad ? 2_500 : 10),
                Call(at, CallAction.Read, isReadBad ? RecordKind.Unknown : RecordKind.Ok, 10),
                Call(at, CallAction.Recommend, RecordKind.Ok, 10, isReadBad ? "cached" : "personal"),
            };
        }).ToArray();

        var figures = Assert.Single(NemesisFigures.Of(calls, [new Injection("kill", "silo 1", 1_000, 5_000, 9_000)]));

        Assert.Equal(100, figures.AnsweredPercent);
        Assert.Equal(75, figures.PersonalisedPercent);
        Assert.Equal(75, figures.HistoryPercent);
        Assert.Equal(100, figures.AcknowledgedPercent);
        Assert.Equal(2_500, figures.WriteP99Milliseconds);
        Assert.Equal(3, figures.RecoveredSeconds);
        Assert.Equal(2.8, figures.WritesAgainSeconds, 6);
    }

    [Fact]
    public void Of_NoCallDuringAFault_HasNoShares()
    {
        var figures = Assert.Single(NemesisFigures.Of([], [new Injection("kill", "silo 1", 1_000, 5_000, 9_000)]));
        Assert.Null(figures.AnsweredPercent);
        Assert.Equal(0, figures.RecoveredSeconds);
    }

    private static CallRecord Call(double at, CallAction action, RecordKind outcome, double milliseconds, string? source = null) => new(
        new HistoryRecord { At = at, Kind = RecordKind.Invoke, Action = action },
        new HistoryRecord { At = at + milliseconds, Kind = outcome, Action = action, Source = source });
}
