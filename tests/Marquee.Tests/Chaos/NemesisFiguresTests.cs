using System.Text.Json;
using Marquee.Cli;
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

        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 1_000, 5_000, 9_000)])));

        Assert.Equal(87.5, figures.AnsweredPercent);
        Assert.Equal(75, figures.PersonalisedPercent);
        Assert.Equal(75, figures.HistoryPercent);
        Assert.Equal(100, figures.AcknowledgedPercent);
        Assert.Equal(2_500, figures.WriteP99Milliseconds);
        Assert.Equal(double.PositiveInfinity, figures.ReadP99Milliseconds);
        Assert.Equal(new FaultTimes(3, 3), figures.RecoveredSeconds);
    }

    [Fact]
    public void Of_OnePartitionOfTwoIsAway_WritesAreAcceptedAgainWithItsFirstAcknowledgement()
    {
        // A write to both partitions ten times a second; from 1.0 s on the second one acknowledges nothing that is sent before 3.5 s,
        // but what was sent at 1.2 s, retried, at 3.4 s. The one that is very late at 5 s is no stop: others pass it.
        var calls = Enumerable.Range(0, 100).SelectMany(i =>
        {
            var at = i * 100.0;
            return new[]
            {
                Write(at, "ada", "3.1.7", RecordKind.Ok, at == 5_000 ? 4_000 : 10),
                Write(at, "bob", "4.1.9", at is >= 1_000 and < 3_500 and not 1_200 ? RecordKind.Unknown : RecordKind.Ok, at == 1_200 ? 2_200 : 10),
            };
        }).ToArray();

        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 900, 5_000, 9_000)])));

        Assert.Equal(2.4, figures.WritesAgainSeconds.Longest, 6);
        Assert.Equal(100 * (82.0 - 24) / 82, figures.AcknowledgedPercent!.Value, 6);
    }

    [Fact]
    public void Of_APartitionThatNeverComesBack_IsCountedUntilTheNextFault()
    {
        var calls = Enumerable.Range(0, 100).Select(i => Write(i * 100.0, "ada", "3.1.7", i < 20 ? RecordKind.Ok : RecordKind.Fail, 0)).ToArray();
        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 2_000, 5_000, 9_000)])));
        Assert.Equal(7, figures.WritesAgainSeconds.Longest, 6);
    }

    [Fact]
    public void Of_BatchOfTwoUsers_PartitionsAreToldApartByOtherCalls()
    {
        var both = Write(0, "ada", "3.1.7_4.1.9", RecordKind.Ok, 10);
        both = both with { Invoke = both.Invoke with { Events = [.. both.Invoke.Events!, new RecordedEvent("b", "bob", "moon", "play")] } };
        CallRecord[] calls = [both, Write(100, "ada", "3.1.8", RecordKind.Ok, 10), Write(200, "bob", "4.1.10_5.1.1", RecordKind.Ok, 10), Write(1_000, "bob", "", RecordKind.Unknown, 10), Write(3_000, "bob", "4.1.11", RecordKind.Ok, 10)];
        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 500, 5_000, 9_000)])));
        Assert.Equal(2.01, figures.WritesAgainSeconds.Longest, 6);
    }

    [Fact]
    public void Of_CallsThatTheNextFaultMet_AreNoneOfTheFaultBefore()
    {
        // The last one is under way when the next fault begins, at 9 s.
        CallRecord[] calls = [.. Enumerable.Range(0, 89).Select(i => Write(i * 100.0, "ada", "3.1.7", RecordKind.Ok, 10)), Write(8_900, "ada", "", RecordKind.Unknown, 25_000)];
        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 2_000, 5_000, 9_000)])));
        Assert.Equal(new FaultTimes(0, 0), figures.RecoveredSeconds);
        Assert.Equal(0.1, figures.WritesAgainSeconds.Longest, 6);
    }

    [Fact]
    public void Of_SeveralRuns_AreAddedUp()
    {
        CallRecord[] good = [Call(1_000, CallAction.Recommend, RecordKind.Ok, 10, "personal")];
        CallRecord[] bad = [Call(1_000, CallAction.Recommend, RecordKind.Unknown, 10), Call(1_500, CallAction.Recommend, RecordKind.Ok, 10, "popular")];
        Injection kill = new("kill", "silo 1", 500, 5_000, 9_000);
        var figures = NemesisFigures.Of([.. ObservedFault.Of(good, [kill]), .. ObservedFault.Of(bad, [kill, kill with { Nemesis = "freeze-8s" }])]);
        Assert.Equal(["freeze-8s", "kill"], figures.Select(row => row.Nemesis));
        Assert.Equal(2, figures[1].Count);
        Assert.Equal(200.0 / 3, figures[1].AnsweredPercent!.Value, 6);
        Assert.Equal(new FaultTimes(1, 1), figures[0].RecoveredSeconds);
        Assert.Equal(new FaultTimes(1, 1), figures[1].RecoveredSeconds);
    }

    [Fact]
    public void Of_NoCallDuringAFault_HasNoShares()
    {
        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of([], [new Injection("kill", "silo 1", 1_000, 5_000, 9_000)])));
        Assert.Null(figures.AnsweredPercent);
        Assert.Equal(new FaultTimes(0, 0), figures.RecoveredSeconds);
    }

    [Fact]
    public void Of_OneCallInAHundredFailedOrNeverEnded_The99thPercentileIsOfTheOthers()
    {
        // Of two hundred reads one fails at once and one hangs: what took longest of the others is the 198th.
        CallRecord[] Calls(int lost) =>
        [
            .. Enumerable.Range(0, 200 - lost).Select(i => Call(1_000 + i, CallAction.Read, RecordKind.Ok, 1 + i)),
            Call(1_300, CallAction.Read, RecordKind.Fail, 0),
            .. Enumerable.Range(1, lost - 1).Select(i => Call(1_300 + i, CallAction.Read, RecordKind.Ok, 0) with { Outcome = null }),
        ];
        double? P99(int lost) => NemesisFigures.Of(ObservedFault.Of(Calls(lost), [new Injection("kill", "silo 1", 500, 5_000, 9_000)]))[0].ReadP99Milliseconds;
        Assert.Equal(198, P99(2));
        Assert.Equal(double.PositiveInfinity, P99(3));
    }

    [Fact]
    public void Of_CallsUnderWayWhenTheFaultBegins_AreCountedWithIt()
    {
        // Of five reads the fault meets the last three: one had been answered before, one had been late before.
        CallRecord[] calls =
        [
            Call(2_000, CallAction.Read, RecordKind.Ok, 2_900),
            Call(2_500, CallAction.Read, RecordKind.Unknown, 10_000),
            Call(3_500, CallAction.Read, RecordKind.Unknown, 1_600),
            Call(4_900, CallAction.Read, RecordKind.Ok, 200) with { Outcome = null },
            Call(5_000, CallAction.Read, RecordKind.Ok, 10),
        ];
        var figures = Assert.Single(NemesisFigures.Of(ObservedFault.Of(calls, [new Injection("kill", "silo 1", 5_000, 6_000, 9_000)])));
        Assert.Equal(100.0 / 3, figures.HistoryPercent!.Value, 6);
    }

    [Fact]
    public void Serialize_NoPercentile_IsReadBack()
    {
        CallRecord[] calls = [Call(1_000, CallAction.Read, RecordKind.Fail, 0)];
        var report = ChaosReport.Of(1, "postgres", "history.jsonl", [.. calls.SelectMany(call => new[] { call.Invoke with { Call = 1 }, call.Outcome! with { Call = 1 } })], [new Injection("kill", "silo 1", 500, 5_000, 9_000)], []);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(report, CliJson.Default.ChaosReport), CliJson.Default.ChaosReport)!;
        Assert.Equal(double.PositiveInfinity, Assert.Single(read.Nemeses).ReadP99Milliseconds);
        Assert.Null(read.Compared);
    }

    private static CallRecord Write(double at, string user, string position, RecordKind outcome, double milliseconds)
    {
        var call = Call(at, CallAction.Append, outcome, milliseconds);
        return new CallRecord(
            call.Invoke with { Events = [new RecordedEvent($"{user}-{at}", user, "moon", "play")] },
            call.Outcome! with { Position = outcome == RecordKind.Ok ? position : null });
    }

    private static CallRecord Call(double at, CallAction action, RecordKind outcome, double milliseconds, string? source = null) => new(
        new HistoryRecord { At = at, Kind = RecordKind.Invoke, Action = action },
        new HistoryRecord { At = at + milliseconds, Kind = outcome, Action = action, Source = source });
}
