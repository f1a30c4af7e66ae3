using Marquee.Cli.Chaos;
using Marquee.Cli.Chaos.Histories;

namespace Marquee.Tests.Chaos;

/// <summary>The judge of chaos runs is judged: a sound history passes, and each way of breaking it is found.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly RecordedEvent A = new("a", "ada", "moon", "like");
    private static readonly RecordedEvent B = new("b", "ada", "moon", "play");
    private static readonly RecordedEvent C = new("c", "bob", "moon", "like");
    private static readonly RecordedEvent D = new("d", "cy", "star", "like");

    [Fact]
    public void Check_SoundHistory_FindsNothing() => Assert.Empty(HistoryChecker.Check(Sound()));

    [Fact]
    public void Check_UnknownEvent_MayBeThereOrNot()
    {
        var absent = Sound().Select(record => record switch
        {
            { Kind: RecordKind.Final, User: "bob" } => record with { Events = [] },
            { Kind: RecordKind.Final, Title: "moon" } => record with { Counts = new Dictionary<string, long> { ["like"] = 1, ["play"] = 1 } },
            _ => record,
        });
        Assert.Empty(HistoryChecker.Check([.. absent]));
    }

    [Fact]
    public void Check_AcknowledgedEventDropped_IsLost() => Finds("lost", record => record is { Kind: RecordKind.Final, User: "ada" } ? record with { Events = [A] } : record);

    [Fact]
    public void Check_EventShownTwice_IsDoubled() => Finds("doubled", record => record is { Kind: RecordKind.Final, User: "ada" } ? record with { Events = [B, A, A] } : record);

    [Fact]
    public void Check_EventCountedTwice_IsFoundInTheCounters() =>
        Finds("counters", record => record is { Kind: RecordKind.Final, Title: "moon" } ? record with { Counts = new Dictionary<string, long> { ["like"] = 3, ["play"] = 1 } } : record);

    [Fact]
    public void Check_EventOfAnotherUserShown_IsInvented() => Finds("invented", record => record is { Kind: RecordKind.Final, User: "bob" } ? record with { Events = [C with { Id = "a", User = "bob" }, C] } : record);

    [Fact]
    public void Check_EventChangedOnTheWay_IsInvented() => Finds("invented", record => record is { Kind: RecordKind.Final, User: "ada" } ? record with { Events = [B with { Title = "star" }, A] } : record);

    [Fact]
    public void Check_EventThatCertainlyWasNotWrittenIsThere_IsInvented() => Finds("invented", record => record is { Kind: RecordKind.Unknown, Call: 4 } ? record with { Kind = RecordKind.Fail } : record);

    [Fact]
    public void Check_ReadWithATokenLacksAnAcknowledgedEvent_IsStale() => Finds("read-your-writes", StaleRead);

    [Fact]
    public void Check_ReadWithATokenLacksAnAcknowledgedEventAndSaysSo_IsAllowed() =>
        Assert.Empty(HistoryChecker.Check([.. Sound().Select(StaleRead).Select(record => record is { Kind: RecordKind.Ok, Call: 3 } ? record with { Degraded = true } : record)]));

    [Fact]
    public void Check_WhatWasShownIsGoneFromALaterRead_HasVanished()
    {
        // The event is of unknown outcome, so that nothing but its having been shown speaks for it.
        var history = Sound().Append(Invoke(20, 7, CallAction.Read, "bob") with { After = "1.1.9" }).Append(Outcome(21, 7, CallAction.Read) with { Events = [C] })
            .Append(Invoke(22, 8, CallAction.Read, "bob") with { After = "1.1.9" }).Append(Outcome(23, 8, CallAction.Read) with { Events = [] });
        Assert.Contains(HistoryChecker.Check([.. history]), violation => violation.Rule == "vanished");
    }

    [Fact]
    public void Check_ErasedUsersEventComesBack_IsFound() => Finds("erased", record => record is { Kind: RecordKind.Final, User: "cy" } ? record with { Events = [D] } : record);

    [Fact]
    public void Check_CountersForgetAnErasedUser_IsFound() =>
        Finds("counters", record => record is { Kind: RecordKind.Final, Title: "star" } ? record with { Counts = new Dictionary<string, long>() } : record);

    [Fact]
    public void Check_PositionsSwapped_IsFound() => Finds("positions", record => record.Position switch
    {
        "3.1.0" => record with { Position = "3.1.1" },
        "3.1.1" => record with { Position = "3.1.0" },
        _ => record,
    });

    [Fact]
    public void Check_OffsetGivenUnderTwoEpochs_IsFound() => Finds("positions", record => record.Position == "3.1.1" ? record with { Position = "3.2.0" } : record);

    [Fact]
    public void Check_EpochGoesBack_IsFound() => Finds("positions", record => record.Position == "3.1.0" ? record with { Position = "3.2.0" } : record);

    [Fact]
    public void Check_PositionOfDuplicates_SaysNothingOfTheOrder() =>
        Assert.Empty(HistoryChecker.Check([.. Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "3.1.1" } ? record with { Position = "3.1.0", Duplicates = 1 } : record)]));

    [Fact]
    public void Check_CallWithoutAnOutcome_IsFound() => FindsWithout("reconciliation", record => record is { Call: 4, Kind: RecordKind.Unknown });

    [Fact]
    public void Check_OutcomeTwice_IsFound() => Assert.Contains(HistoryChecker.Check([.. Sound(), Outcome(30, 1, CallAction.Append)]), violation => violation.Rule == "reconciliation");

    [Fact]
    public void Check_UserNotReadInTheEnd_IsFound() => FindsWithout("reconciliation", record => record is { Kind: RecordKind.Final, User: "ada" });

    [Fact]
    public void Check_ClusterDidNotComeBack_IsFound() => Finds("liveness", record => record.Action == CallAction.Liveness ? record with { Detail = "silo 2 does not answer" } : record);

    [Fact]
    public void Check_AcknowledgedEventIsNotInTheLog_IsFound() => Finds("log", record => record.Position == "3.1.1" ? record with { Events = [new("", "x", "", "erasure"), C] } : record);

    [Fact]
    public void Check_EventIsInTheLogTwice_IsFound() => Finds("log", record => record.Position == "3.1.1" ? record with { Events = [B, B] } : record);

    [Fact]
    public void Check_EventIsInTheLogOfAnotherUser_IsFound() => Finds("log", record => record.Position == "3.1.1" ? record with { Events = [B, C with { User = "ada" }] } : record);

    [Fact]
    public void Check_LogHasAGap_IsFound() => FindsWithout("log", record => record is { Action: CallAction.Log, Position: "5.1.0" });

    [Fact]
    public void Check_PartOfTheLogWasLetGoOfBeforeItWasRead_AsManyEventsMayBeUnaccountedFor()
    {
        var followed = Sound().Where(record => record is not { Action: CallAction.Log, Position: "3.1.0" }).Select(record => record is { Action: CallAction.Log, Position: "3.1.1" } ? record with { Detail = LogFollower.LetGo } : record);
        Assert.Empty(HistoryChecker.Check([.. followed]));
        var more = followed.Where(record => record is not { Action: CallAction.Log, Position: "5.1.1" }).Select(record => record is { Action: CallAction.Log, Position: "5.1.0" } ? record with { Events = [new("", "cy", "", "erasure")] } : record);
        Assert.Contains(HistoryChecker.Check([.. more]), violation => violation.Rule == "log");
    }

    [Fact]
    public void Check_OffsetIsInTheLogTwice_IsFound() => Finds("log", record => record is { Action: CallAction.Log, Position: "5.1.1" } ? record with { Position = "5.1.0" } : record);

    [Fact]
    public void Check_EpochOfTheLogGoesBack_IsFound() => Finds("log", record => record is { Action: CallAction.Log, Position: "3.1.1" } ? record with { Position = "3.0.1" } : record);

    [Fact]
    public void Check_EventThatWasCertainlyRefusedIsInTheLog_IsFound() => Finds("log", record => record is { Kind: RecordKind.Unknown, Call: 4 } ? record with { Kind = RecordKind.Fail } : record);

    [Fact]
    public void Check_HistoryShowsWhatIsNotInTheLog_IsFound() => Finds("log", record => record is { Action: CallAction.Log, Position: "3.1.1" } ? record with { Events = [B, new("", "x", "", "erasure")] } : record);

    [Fact]
    public void Check_StoredStateIsNotTheFoldOfTheLog_IsFound() => Finds("fold", record => record.Action == CallAction.Fold ? record with { Detail = "partition 3" } : record);

    [Fact]
    public void Check_EachEventOfAPartlyRefusedBatchHasItsOwnFate()
    {
        var history = Sound().Append(Invoke(20, 7, CallAction.Append) with { Events = [A with { Id = "x" }, A with { Id = "y" }] })
            .Append(Outcome(21, 7, CallAction.Append) with { Kind = RecordKind.Unknown, Outcomes = [RecordKind.Ok, RecordKind.Fail] });
        var violation = Assert.Single(HistoryChecker.Check([.. history]), violation => violation.Rule != "log");
        Assert.Equal("lost", violation.Rule);
        Assert.Contains("x of ada", violation.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatWasRecorded_IsTheSameHistory()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = new HistoryFile(path, TimeProvider.System))
            {
                foreach (var record in Sound())
                {
                    file.Add(record);
                }
            }

            // Times are those of recording, so close together that the order of what happened cannot be told from them.
            Assert.Equal(Sound().Select(record => (record.Kind, record.Call, record.User, record.Position, record.Events?.Count)), HistoryFile.Read(path).Select(record => (record.Kind, record.Call, record.User, record.Position, record.Events?.Count)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Ada's events are acknowledged and read back, Bob's is of unknown outcome and there, Cy is erased.</summary>
    private static HistoryRecord[] Sound() =>
    [
        Invoke(1, 1, CallAction.Append) with { Events = [A] },
        Outcome(2, 1, CallAction.Append) with { Position = "3.1.0" },
        Invoke(3, 2, CallAction.Append) with { Events = [B] },
        Outcome(4, 2, CallAction.Append) with { Position = "3.1.1" },
        Invoke(5, 3, CallAction.Read, "ada") with { After = "3.1.1" },
        Outcome(6, 3, CallAction.Read) with { Events = [B, A] },
        Invoke(7, 4, CallAction.Append) with { Events = [C] },
        Outcome(8, 4, CallAction.Append) with { Kind = RecordKind.Unknown },
        Invoke(9, 5, CallAction.Append) with { Events = [D] },
        Outcome(10, 5, CallAction.Append) with { Position = "5.1.0" },
        Invoke(11, 6, CallAction.Erase, "cy"),
        Outcome(12, 6, CallAction.Erase),
        Final(CallAction.Liveness),
        Final(CallAction.Read) with { User = "ada", Events = [B, A] },
        Final(CallAction.Read) with { User = "bob", Events = [C] },
        Final(CallAction.Read) with { User = "cy", Events = [] },
        Final(CallAction.Count) with { Title = "moon", Counts = new Dictionary<string, long> { ["like"] = 2, ["play"] = 1 } },
        Final(CallAction.Count) with { Title = "star", Counts = new Dictionary<string, long> { ["like"] = 1 } },
        Final(CallAction.Log) with { Position = "3.1.0", Events = [A] },
        Final(CallAction.Log) with { Position = "3.1.1", Events = [B, C] },
        Final(CallAction.Log) with { Position = "5.1.0", Events = [D] },
        Final(CallAction.Log) with { Position = "5.1.1", Events = [new("", "cy", "", "erasure")] },
        Final(CallAction.Fold),
    ];

    private static HistoryRecord StaleRead(HistoryRecord record) => record is { Kind: RecordKind.Ok, Call: 3 } ? record with { Events = [A] } : record;

    private static HistoryRecord Invoke(double at, long call, CallAction action, string? user = null) => new() { At = at, Kind = RecordKind.Invoke, Call = call, Action = action, User = user };

    private static HistoryRecord Outcome(double at, long call, CallAction action) => new() { At = at, Kind = RecordKind.Ok, Call = call, Action = action };

    private static HistoryRecord Final(CallAction action) => new() { At = 100, Kind = RecordKind.Final, Action = action };

    private static void Finds(string rule, Func<HistoryRecord, HistoryRecord> mutate) =>
        Assert.Contains(HistoryChecker.Check([.. Sound().Select(mutate)]), violation => violation.Rule == rule);

    private static void FindsWithout(string rule, Func<HistoryRecord, bool> left) =>
        Assert.Contains(HistoryChecker.Check([.. Sound().Where(record => !left(record))]), violation => violation.Rule == rule);
}
