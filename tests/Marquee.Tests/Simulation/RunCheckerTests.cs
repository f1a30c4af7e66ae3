using Marquee.Engine.Events;
using Marquee.Grains.Events;

namespace Marquee.Tests.Simulation;

/// <summary>The judge is judged: a run that was good, changed in one thing, is found out.</summary>
public sealed class RunCheckerTests
{
    private readonly SimulatedWorld _world = new(seed: 4);
    private readonly SortedDictionary<int, List<PlacedEntry>> _log;
    private readonly List<PlacedEntry> _entries;

    public RunCheckerTests()
    {
        _world.Run(TimeSpan.FromSeconds(10));
        _log = _world.Log();
        _entries = _log[0];
    }

    private RunHistory History => _world.History;

    [Fact]
    public void Check_WhatHappened_FindsNothing()
    {
        Assert.Empty(_world.Violations);
        Assert.Empty(Check());
        Assert.True(History.Reads.Count > 50 && _entries.Count > 200, "The run was too short to prove anything.");
    }

    [Fact]
    public void Check_AcknowledgedEntryDropped_SaysSo()
    {
        var at = IndexOf(fate => fate.Acknowledgements.Count > 0);
        var key = EventKey.Of(_entries[at].Entry);
        _entries.RemoveAt(at);
        Renumber();
        Assert.Contains(Check(), violation => violation.StartsWith(key, StringComparison.Ordinal) && violation.EndsWith("is not there.", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_GapInTheOffsets_SaysSo()
    {
        _entries.RemoveAt(_entries.Count / 2);
        Assert.Contains(Check(), violation => violation.Contains("where", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EntryDoubled_SaysSo()
    {
        var again = _entries.FindLast(placed => !placed.Entry.IsErasure);
        _entries.Add(again with { Offset = _entries.Count, Epoch = _entries[^1].Epoch, AppendedAt = again.AppendedAt });
        Assert.Contains(Check(), violation => violation.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EntriesSwapped_SaysSo()
    {
        var at = _entries.FindIndex(placed => History.Offsets.ContainsKey((0, placed.Offset)));
        (_entries[at], _entries[at + 1]) = (_entries[at] with { Entry = _entries[at + 1].Entry }, _entries[at + 1] with { Entry = _entries[at].Entry });
        Assert.Contains(Check(), violation => violation.Contains("was told that offset", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EpochThatFalls_SaysSo()
    {
        _entries[^1] = _entries[^1] with { Epoch = 0 };
        Assert.Contains(Check(), violation => violation.Contains("falls to epoch", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EntryThatNobodySent_SaysSo()
    {
        _entries[5] = _entries[5] with { Entry = _entries[5].Entry with { UserId = "nobody" } };
        Assert.Contains(Check(), violation => violation.Contains("what nobody sent", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EntryOfOtherContent_SaysSo()
    {
        var at = _entries.FindIndex(placed => !placed.Entry.IsErasure);
        _entries[at] = _entries[at] with { Entry = _entries[at].Entry with { Event = _entries[at].Entry.Event! with { TitleId = "another" } } };
        Assert.Contains(Check(), violation => violation.Contains("what nobody sent", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_RefusedEntryThatIsThere_SaysSo()
    {
        var fate = History.Entries[EventKey.Of(_entries[IndexOf(fate => fate.Acknowledgements.Count > 0 && !fate.Entry.IsErasure)].Entry)];
        fate.Acknowledgements.Clear();
        (fate.Unknowns, fate.Refusals) = (0, fate.Attempts);
        Assert.Contains(Check(), violation => violation.EndsWith("was refused each time, and is there.", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_OutcomesThatDoNotAddUp_SaysSo()
    {
        History.Entries.First().Value.Attempts++;
        Assert.Contains(Check(), violation => violation.Contains("outcomes", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_StaleReadThatDoesNotSaySo_SaysSo()
    {
        var at = History.Reads.FindIndex(read => read is { After.Offset: > 0, IsDegraded: false, EventIds.Count: > 1 });
        History.Reads[at] = History.Reads[at] with { EventIds = [.. History.Reads[at].EventIds.Skip(1)] };
        Assert.Single(Check());
        History.Reads[at] = History.Reads[at] with { Position = History.Reads[at].Position with { Offset = History.Reads[at].After!.Value.Offset - 1 } };
        Assert.Contains(Check(), violation => violation.Contains("does not say that it is older", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ErasedEventThatComesBack_SaysSo()
    {
        var erasure = _log.Values.SelectMany(entries => entries).Last(placed => placed.Entry.IsErasure
            && History.Reads.Exists(read => IsAfter(read, placed)));
        var at = History.Reads.FindIndex(read => IsAfter(read, erasure));
        History.Reads[at] = History.Reads[at] with { EventIds = [.. History.Reads[at].EventIds, "p0-0"] };
        Assert.Single(Check());

        static bool IsAfter(HistoryRead read, PlacedEntry erasure) =>
            $"{read.Tenant}/{read.UserId}" == erasure.Entry.UserKey && read.Position.Offset >= erasure.Offset;
    }

    [Fact]
    public void HandedOver_TwoEntriesAtOneOffset_Contradict()
    {
        History.HandedOver(0, _entries[0].Offset, EventKey.Of(_entries[0].Entry));
        History.HandedOver(0, _entries[0].Offset, EventKey.Of(_entries[1].Entry));
        Assert.NotEmpty(Check());
    }

    [Fact]
    public void Opened_StateThatMissedAnEntry_IsNotTheFold()
    {
        var checking = new RecoveryCheck(_world.Store, _world.Options.Partitions, _world.Loop);
        var (right, wrong) = (new PartitionState(_world.Options.Partitions), new PartitionState(_world.Options.Partitions));
        foreach (var placed in _entries)
        {
            right.Apply(placed.Entry, placed.AppendedAt);
            wrong.Apply(placed.Offset == 7 ? _entries[8].Entry : placed.Entry, placed.AppendedAt);
        }

        checking.Opened(new OpenPartition(0, 1, right));
        Assert.Empty(checking.Violations);
        checking.Opened(new OpenPartition(0, 1, wrong));
        Assert.Contains(checking.Violations, violation => violation.Contains("is not the fold", StringComparison.Ordinal));
        checking.CheckCounters(new OpenPartition(0, 1, wrong));
        Assert.Contains(checking.Violations, violation => violation.Contains("counts", StringComparison.Ordinal));
    }

    private IReadOnlyList<string> Check() => RunChecker.Check(History, _log, _world.Options.Partitions);

    private int IndexOf(Func<EntryFate, bool> holds) => _entries.FindIndex(placed => holds(History.Entries[EventKey.Of(placed.Entry)]));

    private void Renumber()
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            _entries[i] = _entries[i] with { Offset = i };
        }
    }
}
