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
    public void Check_PositionOfDuplicates_SaysNothingOfTheOrder()
    {
        HistoryRecord[] SentAgain(int duplicates) => [.. Sound(), Invoke(20, 7, CallAction.Append) with { Events = [B] }, Outcome(21, 7, CallAction.Append) with { Position = "3.1.1", Duplicates = duplicates }];
        Assert.Empty(HistoryChecker.Check(SentAgain(1)));
        FindsOnly("positions", SentAgain(0));
    }

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
    public void Check_TwoEntriesOfTheLogSwapped_IsFound() => Finds("log", record => record switch
    {
        { Action: CallAction.Log, Position: "3.1.0" } => record with { Events = [B] },
        { Action: CallAction.Log, Position: "3.1.1" } => record with { Events = [A, C] },
        _ => record,
    });

    [Fact]
    public void Check_TwoEntriesOfOneCallSwapped_IsFound()
    {
        RecordedEvent first = new("x", "dan", "moon", "like"), second = new("y", "dan", "moon", "play");
        HistoryRecord[] History(params RecordedEvent[] logged) =>
        [
            .. Sound().Select(record => record switch
            {
                { Kind: RecordKind.Final, Title: "moon" } => record with { Counts = new Dictionary<string, long> { ["like"] = 3, ["play"] = 2 } },
                { Compared: not null } => record with { Compared = record.Compared with { Users = 3 } },
                _ => record,
            }),
            Invoke(20, 7, CallAction.Append) with { Events = [first, second] },
            Outcome(21, 7, CallAction.Append) with { Position = "3.1.4" },
            Final(CallAction.Read) with { User = "dan", Events = [second, first] },
            Final(CallAction.Log) with { Position = "3.1.3", Events = logged },
        ];
        Assert.Empty(HistoryChecker.Check(History(first, second)));
        var violation = Assert.Single(HistoryChecker.Check(History(second, first)));
        Assert.Equal("log", violation.Rule);
    }

    [Fact]
    public void Check_AcknowledgedOffsetHoldsSomethingOlder_IsFound() => FindsOnly("log", Sound().Select(record => record switch
    {
        // It was acknowledged at an offset that was there already: the event itself lies behind.
        { Kind: RecordKind.Ok, Call: 2 } => record with { Position = "3.1.0", Duplicates = 1 },
        _ => record,
    }));

    [Fact]
    public void Check_AcknowledgedBehindTheEndOfTheLog_IsFound() => FindsOnly("log", Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "5.1.0" } ? record with { Position = "5.1.2" } : record));

    [Fact]
    public void Check_AcknowledgedInAnotherPartition_IsFound() => FindsOnly("log", Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "5.1.0" } ? record with { Position = "6.1.0" } : record));

    [Fact]
    public void Check_AcknowledgedWithoutAPosition_IsFound() => FindsOnly("log", Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "5.1.0" } ? record with { Position = null } : record));

    [Fact]
    public void Check_AcknowledgedUnderAnotherEpochThanTheLogHas_IsFound()
    {
        FindsOnly("log", Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "5.1.0" } ? record with { Position = "5.2.0" } : record));
        FindsOnly("log", Sound().Select(record => record is { Action: CallAction.Log, Position: "5.1.0" or "5.1.1" } ? record with { Position = record.Position!.Replace("5.1", "5.2", StringComparison.Ordinal) } : record));
    }

    [Fact]
    public void Check_DuplicateAcknowledgedByALaterWriter_MayHaveBeenWrittenByAnEarlierOne() =>
        Assert.Empty(HistoryChecker.Check([.. Sound().Select(record => record is { Kind: RecordKind.Ok, Position: "5.1.0" } ? record with { Position = "5.2.0", Duplicates = 1 } : record)]));

    [Fact]
    public void Check_EventOfUnknownOutcomeLandedBeforeWhatWasAcknowledgedEarlier_IsFound() => FindsOnly("log", Sound().Select(record => record switch
    {
        { Action: CallAction.Log, Position: "3.1.1" } => record with { Events = [C, B] },
        { Kind: RecordKind.Ok, Position: "3.1.1" } => record with { Position = "3.1.2" },
        { Kind: RecordKind.Invoke, After: "3.1.1" } => record with { After = "3.1.2" },
        _ => record,
    }));

    [Fact]
    public void Check_UserIsInTwoPartitions_IsFound() => FindsOnly("log", Sound().Select(record => record switch
    {
        { Action: CallAction.Log, Position: "3.1.0" } => record with { Events = [A, new("", "cy", "", "erasure")] },
        { Action: CallAction.Log, Position: "3.1.1" } => record with { Position = "3.1.2" },
        { Kind: RecordKind.Ok, Position: "3.1.1" } => record with { Position = "3.1.2" },
        _ => record,
    }));

    [Fact]
    public void Check_AcknowledgedErasureIsNotInTheLog_IsFound() =>
        FindsOnly("log", Sound().Where(record => record is not { Action: CallAction.Log, Position: "5.1.1" }).Select(record => record.Compared is { } compared ? record with { Compared = compared with { Users = 3 } } : record));

    [Fact]
    public void Check_ErasureThatNobodyAskedFor_IsFound() => FindsOnly("log", Sound().Append(Final(CallAction.Log) with { Position = "5.1.2", Events = [new("", "x", "", "erasure")] }));

    [Fact]
    public void Check_LogHasAGap_IsFound() => FindsWithout("log", record => record is { Action: CallAction.Log, Position: "5.1.0" });

    [Fact]
    public void Check_PartOfTheLogWasLetGoOfBeforeItWasRead_AsManyEventsOfThatPartitionMayBeUnaccountedFor()
    {
        Assert.Empty(HistoryChecker.Check([.. WithoutTheFirstEntry()]));
        var more = WithoutTheFirstEntry().Select(record => record is { Action: CallAction.Log, Position: "3.1.1" } ? record with { Position = "3.1.1", Events = [C] } : record);
        Assert.Equal(2, HistoryChecker.Check([.. more]).Count(violation => violation.Detail.EndsWith("too few for the 2 that are missing.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_PartOfTheLogWasLetGoOfBeforeItWasRead_ExcusesNothingOfOtherPartitions()
    {
        // As many entries as were not read in partition 3 are missing from partition 5, and none from partition 3.
        var mutated = WithoutTheFirstEntry().Select(record => record switch
        {
            { Action: CallAction.Log, Position: "3.1.1" } => record with { Events = [B, C] },
            { Action: CallAction.Log, Position: "5.1.0" } => record with { Events = [new("", "cy", "", "erasure")] },
            _ => record,
        }).Where(record => record is not { Action: CallAction.Log, Position: "5.1.1" } && record is not { Call: 1 } && record is not { User: "ada", Kind: RecordKind.Final }).Append(Final(CallAction.Read) with { User = "ada", Events = [B] });
        var violations = HistoryChecker.Check([.. mutated]);
        Assert.Contains(violations, violation => violation.Rule == "log" && violation.Detail.Contains("d of cy, which was acknowledged, is not in the log", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_PartOfTheLogWasLetGoOfBeforeItWasRead_UserOfUnknownPartitionIsExcusedByIt()
    {
        // A batch of two users names two partitions; of dan nothing else is known.
        RecordedEvent other = new("x", "dan", "moon", "like");
        var mutated = WithoutTheFirstEntry().Select(record => record switch
        {
            { Call: 1, Kind: RecordKind.Invoke } => record with { Events = [other] },
            { Call: 1, Kind: RecordKind.Ok } => record with { Position = "3.1.0_4.1.0" },
            { Kind: RecordKind.Final, User: "ada" } => record with { Events = [B] },
            { Call: 3, Kind: RecordKind.Ok } => record with { Events = [B] },
            _ => record,
        }).Append(Final(CallAction.Read) with { User = "dan", Events = [other] });
        Assert.Empty(HistoryChecker.Check([.. mutated]));
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
    public void Check_StoredStateIsNotTheFoldOfTheLog_IsFound() => FindsOnly("fold", Sound().Append(Final(CallAction.Fold) with { Detail = "partition 3" }));

    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 1)]
    public void Check_SomethingStoredWasNotCompared_IsFound(int partitions, int users, int titles) =>
        FindsOnly("fold", Sound().Select(record => record.Compared is null ? record : record with { Compared = new FoldComparison(partitions, 0, 0, users, 0, titles, 0) }));

    [Fact]
    public void Check_HistoryDoesNotTellWhatWasCompared_IsFound()
    {
        FindsOnly("fold", Sound().Where(record => record.Action != CallAction.Fold));
        FindsOnly("fold", Sound().Select(record => record with { Compared = null }));
    }

    [Fact]
    public void Check_HistoryDoesNotHaveTheLog_IsFound() => FindsOnly("log", Sound().Where(record => record.Action != CallAction.Log).Select(record => record.Compared is null ? record : record with { Compared = new FoldComparison(0, 0, 0, 0, 0, 0, 0) }));

    [Fact]
    public void Check_TitleCountsWhatNobodySent_IsFound()
    {
        FindsOnly("counters", Sound().Select(record => record is { Kind: RecordKind.Final, Title: "star" } ? record with { Counts = new Dictionary<string, long> { ["like"] = 1, ["hide"] = 1 } } : record));
        FindsOnly("counters", Sound().Append(Final(CallAction.Count) with { Title = "sun", Counts = new Dictionary<string, long> { ["like"] = 1, ["play"] = 0 } }));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("5.1.1", null)]
    [InlineData("5.2.1", null)]
    [InlineData("5.1.0", "is from 5.1.0")]
    public void Check_SlateForAnErasedUser_IsNotFromBeforeTheErasure(string? position, string? found)
    {
        var violations = HistoryChecker.Check([.. Sound(), Invoke(20, 7, CallAction.Recommend, "cy"), Outcome(21, 7, CallAction.Recommend) with { Position = position, Source = "cached", Degraded = true }]);
        Assert.Equal(found is null ? [] : ["erased"], violations.Select(violation => violation.Rule));
        Assert.All(violations, violation => Assert.Contains(found!, violation.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_SlateForAnErasedUserGivesAReasonFromThePast_IsFound()
    {
        HistoryRecord[] Asked(double at) => [.. Sound(), Invoke(at, 7, CallAction.Recommend, "cy"), Outcome(at + 1, 7, CallAction.Recommend) with { Because = ["star"] }];
        FindsOnly("erased", Asked(20));

        // Asked for before the erasure was acknowledged.
        Assert.Empty(HistoryChecker.Check(Asked(11.5)));
    }

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
        Final(CallAction.Fold) with { Compared = new FoldComparison(2, 0, 0, 2, 0, 2, 0) },
    ];

    /// <summary>The partition of Ada and Bob let go of Ada's first event before it was read.</summary>
    private static IEnumerable<HistoryRecord> WithoutTheFirstEntry() => Sound()
        .Where(record => record is not { Action: CallAction.Log, Position: "3.1.0" })
        .Select(record => record is { Action: CallAction.Log, Position: "3.1.1" } ? record with { Detail = LogFollower.LetGo } : record)
        .Select(record => record.Compared is null ? record : record with { Compared = new FoldComparison(1, 1, 0, 0, 2, 2, 0) });

    private static HistoryRecord StaleRead(HistoryRecord record) => record is { Kind: RecordKind.Ok, Call: 3 } ? record with { Events = [A] } : record;

    private static HistoryRecord Invoke(double at, long call, CallAction action, string? user = null) => new() { At = at, Kind = RecordKind.Invoke, Call = call, Action = action, User = user };

    private static HistoryRecord Outcome(double at, long call, CallAction action) => new() { At = at, Kind = RecordKind.Ok, Call = call, Action = action };

    private static HistoryRecord Final(CallAction action) => new() { At = 100, Kind = RecordKind.Final, Action = action };

    private static void Finds(string rule, Func<HistoryRecord, HistoryRecord> mutate) =>
        Assert.Contains(HistoryChecker.Check([.. Sound().Select(mutate)]), violation => violation.Rule == rule);

    private static void FindsOnly(string rule, IEnumerable<HistoryRecord> history)
    {
        var violations = HistoryChecker.Check([.. history]);
        Assert.NotEmpty(violations);
        Assert.All(violations, violation => Assert.Equal(rule, violation.Rule));
    }

    private static void FindsWithout(string rule, Func<HistoryRecord, bool> left) =>
        Assert.Contains(HistoryChecker.Check([.. Sound().Where(record => !left(record))]), violation => violation.Rule == rule);
}
