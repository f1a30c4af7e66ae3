using Marquee.Cli.Chaos;
using Marquee.Cli.Chaos.Histories;

namespace Marquee.Tests.Chaos;

/// <summary>What is stored is compared with the log, and each way in which it can differ is found.</summary>
public sealed class LogFollowerTests : IAsyncLifetime
{
    private readonly string _path = Path.GetTempFileName();
    private ChaosStore _store = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private int Partition => _store.PartitionOf("ada");

    public async ValueTask InitializeAsync()
    {
        _store = await ChaosStore.CreateAsync();
        await _store.AppendAsync("ada", "moon", "star");
        await _store.AppendAsync("bob", "star");
        await _store.AppendAsync("cy", "sun", "moon");
        _store.StoreSnapshot(Partition);
        await _store.AppendAsync("ada", "sun");
        await _store.EraseAsync("cy");
        await _store.AppendAsync("dan", "moon");
        _store.StoreAll();
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_path);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Record_EverythingStored_IsComparedAndTheLogIsRecorded()
    {
        var lines = await RecordAsync();
        Assert.Empty(Complaints(lines));
        var partitions = new[] { "ada", "bob", "cy", "dan" }.Select(_store.PartitionOf).Distinct().Count();
        Assert.Equal(new FoldComparison(partitions, 0, 0, 3, 0, 3, 0), Compared(lines));
        var entries = lines.Where(line => line.Action == CallAction.Log).SelectMany(line => line.Events!).ToArray();
        Assert.Equal(8, entries.Length);
        Assert.Contains(new RecordedEvent("e1", "ada", "moon", "like"), entries);
        Assert.Contains(new RecordedEvent("", "cy", "", "erasure"), entries);
        Assert.DoesNotContain(lines, line => line.Detail == LogFollower.LetGo);
        Assert.True(_store.IsDisposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Record_OneByteOfAPartitionsStateChanged_IsFound(int slot)
    {
        // Its first two bytes are the version and the offset; what is behind is the fold.
        _store.Snapshots[Partition][slot].State[^1] ^= 1;
        await AssertFindsAsync($"The state that partition {Partition} has stored at offset");
    }

    [Fact]
    public async Task Record_PartitionHasNothingStored_IsFound()
    {
        _store.Snapshots[Partition].Clear();
        await AssertFindsAsync($"Partition {Partition} has stored nothing");
        Assert.Equal(1, Compared(await RecordAsync()).PartitionsSkipped);
    }

    [Fact]
    public async Task Record_PartitionsNewestStateIsBehindTheLog_IsFound()
    {
        _store.Snapshots[Partition].RemoveAt(1);
        await AssertFindsAsync($"The newest state that partition {Partition} has stored ends before offset");
    }

    [Fact]
    public async Task Record_PartitionsStateIsAheadOfTheLog_IsFound()
    {
        _store.Snapshots[Partition][1].NextOffset++;
        await AssertFindsAsync($"The state that partition {Partition} has stored at offset");
    }

    [Fact]
    public async Task Record_OneByteOfAUsersHistoryChanged_IsFound()
    {
        _store.Users["default/ada"].History[^1] ^= 1;
        await AssertFindsAsync("The stored history of default/ada");
    }

    [Fact]
    public async Task Record_UsersHistoryIsMissing_IsFound()
    {
        _store.Users.Remove("default/bob");
        await AssertFindsAsync("No history of default/bob is stored");
    }

    [Fact]
    public async Task Record_UsersHistoryIsBehindTheLog_IsFound()
    {
        _store.Users["default/ada"].Offset = 0;
        await AssertFindsAsync("The stored history of default/ada reaches offset 0");
    }

    [Fact]
    public async Task Record_HistoryOfAnErasedUserIsStored_IsFound()
    {
        _store.Users["default/cy"] = _store.Users["default/bob"];
        await AssertFindsAsync("A history of default/cy is stored, who was erased");
    }

    [Fact]
    public async Task Record_HistoryOfNobodyIsStored_IsFound()
    {
        _store.Users["default/eve"] = _store.Users["default/bob"];
        await AssertFindsAsync("A history of default/eve is stored, of whom the log has nothing");
    }

    [Fact]
    public async Task Record_TitlesRowCountsOneMore_IsFound()
    {
        var row = _store.Titles["moon"];
        _store.Titles["moon"] = row with { Counts = row.Counts.SetItem(0, row.Counts[0] + 1) };
        await AssertFindsAsync("The stored row of moon is not the sum of its partitions' folds: counts");
    }

    [Fact]
    public async Task Record_TitlesPopularityIsOffByOneBit_IsFound()
    {
        var row = _store.Titles["moon"];
        _store.Titles["moon"] = row with { Popularity = row.Popularity with { Parts = row.Popularity.Parts.SetItem(4, Math.BitIncrement(row.Popularity.Parts[4])) } };
        await AssertFindsAsync("The stored row of moon is not the sum of its partitions' folds: popularity");
    }

    [Fact]
    public async Task Record_TitlesPopularityInOneCountryDiffers_IsFound()
    {
        var row = _store.Titles["star"];
        _store.Titles["star"] = row with { Countries = [] };
        await AssertFindsAsync("The stored row of star is not the sum of its partitions' folds: popularity by country");
    }

    [Fact]
    public async Task Record_TitlesRowIsMissing_IsFound()
    {
        _store.Titles.Remove("sun");
        await AssertFindsAsync("No row of sun is stored");
    }

    [Fact]
    public async Task Record_TitleThatNobodySawHasEvents_IsFound()
    {
        _store.Titles["mars"] = _store.Titles["sun"];
        await AssertFindsAsync("The stored row of mars has events");
    }

    [Fact]
    public async Task Record_PartOfTheLogWasLetGoOfUnread_TheRestIsComparedFromTheSnapshotOn()
    {
        // What is before the older snapshot is gone when the log is first read.
        await _store.TruncateAsync(Partition, _store.Snapshots[Partition][0].TailFrom);
        var lines = await RecordAsync();
        Assert.Empty(Complaints(lines));
        var compared = Compared(lines);
        Assert.Equal((1, 0, 3, 0), (compared.PartitionsFromSnapshot, compared.PartitionsSkipped, compared.Titles, compared.TitlesSkipped));
        Assert.Equal(_store.Users.Keys.Count(user => _store.PartitionOf(user["default/".Length..]) == Partition), compared.UsersSkipped);
        Assert.Single(lines, line => line.Detail == LogFollower.LetGo);

        _store.Snapshots[Partition][1].State[^1] ^= 1;
        await AssertFindsAsync($"The state that partition {Partition} has stored at offset");
    }

    [Fact]
    public async Task Record_PartOfTheLogWasLetGoOfAndNothingComesBehindTheSnapshot_PartitionWasNotCompared()
    {
        await _store.TruncateAsync(Partition, _store.Snapshots[Partition][0].TailFrom);
        _store.Snapshots[Partition].RemoveAt(0);
        await AssertFindsAsync($"Partition {Partition} has stored nothing");
        Assert.Equal(1, Compared(await RecordAsync()).PartitionsSkipped);
    }

    [Fact]
    public async Task Record_NoSnapshotCoversWhatWasLetGoOf_PartitionWasNotCompared()
    {
        await _store.TruncateAsync(Partition, _store.Snapshots[Partition][0].TailFrom);
        _store.Snapshots[Partition].Clear();
        await AssertFindsAsync($"Partition {Partition} could not be compared");
    }

    [Fact]
    public async Task Record_WhatWasReadBeforeItWasLetGoOf_IsRecorded()
    {
        using var history = new HistoryFile(_path, TimeProvider.System);
        await using var follower = new LogFollower(_store);
        await _store.WasRead.WaitAsync(Cancelled);
        await _store.TruncateAsync(Partition, _store.Snapshots[Partition][0].TailFrom);
        await follower.RecordAsync(history, Cancelled);
        Assert.Equal(8, history.Records.Where(line => line.Action == CallAction.Log).Sum(line => line.Events!.Count));
        Assert.DoesNotContain(history.Records, line => line.Detail is not null);
    }

    [Fact]
    public async Task Record_StoreIsAwayForAWhile_IsReadAgain()
    {
        _store.Failures = 2;
        Assert.Empty(Complaints(await RecordAsync()));
    }

    private async Task<IReadOnlyList<HistoryRecord>> RecordAsync()
    {
        using var history = new HistoryFile(_path, TimeProvider.System);
        await using (var follower = new LogFollower(_store))
        {
            await follower.RecordAsync(history, Cancelled);
        }

        return history.Records;
    }

    private async Task AssertFindsAsync(string beginning) => Assert.StartsWith(beginning, Assert.Single(Complaints(await RecordAsync())), StringComparison.Ordinal);

    private static IEnumerable<string> Complaints(IReadOnlyList<HistoryRecord> lines) => lines.Where(line => line.Action == CallAction.Fold).Select(line => line.Detail).OfType<string>();

    private static FoldComparison Compared(IReadOnlyList<HistoryRecord> lines) => Assert.Single(lines.Select(line => line.Compared).OfType<FoldComparison>());
}
