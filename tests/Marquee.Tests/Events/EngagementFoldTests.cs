using System.Buffers;
using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Tests.Events;

public class EngagementFoldTests
{
    private static readonly PartitionStateOptions Options = new() { NeighbourCapacity = 8 };

    [Fact]
    public void Apply_ThreePositives_LinksThemByTheStatedWeights()
    {
        var fold = new EngagementFold(neighbourCapacity: 8, new TitleTable());
        fold.Apply(Like("a", 1), offset: 0);
        fold.Apply(Like("b", 2), offset: 1);
        fold.Apply(Like("c", 3), offset: 2);
        Assert.Equal([("b", 4096, 1), ("c", 2867, 1)], NeighboursOf(fold, "a"));
        Assert.Equal([("b", 0, 1), ("a", 0, 1)], NeighboursOf(fold, "c"));
        Assert.Equal(1, fold.Find("a")!.Summarise().Counts[(int)EngagementType.Like]);
    }

    [Fact]
    public void Apply_TheSamePositiveTwice_CountsTheEventButNotTheTaste()
    {
        var fold = new EngagementFold(neighbourCapacity: 8, new TitleTable());
        fold.Apply(Like("a", 1), offset: 0);
        fold.Apply(Like("a", 1), offset: 1);
        var a = fold.Find("a")!.Summarise();
        Assert.Equal(2, a.Counts[(int)EngagementType.Like]);
        Assert.Equal(1, a.Popularity.Long, 1e-12);
    }

    [Fact]
    public void Write_SnapshotInTheMiddleThenReplay_GivesTheBytesOfOneRun() =>
        Gen.Select(EngagementGenerator.Entries.Array[1, 120], Gen.Int[0, 120], Gen.Int[0, 120]).Sample((entries, cut, tail) =>
        {
            cut = Math.Min(cut, entries.Length);
            tail = Math.Min(tail, cut);
            var whole = new PartitionState(Options);
            var half = new PartitionState(Options);
            for (var i = 0; i < entries.Length; i++)
            {
                whole.Apply(entries[i], appendedAt: 1_000 + i);
                if (i < cut)
                {
                    half.Apply(entries[i], appendedAt: 1_000 + i);
                }
            }

            var resumed = PartitionState.Read(Bytes(half, tail), Options);
            for (var i = tail; i < entries.Length; i++)
            {
                resumed.Replay(i, new DecodedBatch(1_000 + i, [entries[i]]));
            }

            Assert.Equal(Bytes(whole, 0), Bytes(resumed, 0));
            Assert.Equal(whole.NextOffset, resumed.Tail.NextOffset);
            foreach (var user in entries.Select(entry => entry.UserKey).Distinct())
            {
                Assert.Equal(whole.Tail.After(user, tail - 1), resumed.Tail.After(user, tail - 1));
            }
        });

    [Fact]
    public void Replay_AMissingEntry_ThrowsInvalidData()
    {
        var state = new PartitionState(Options);
        Assert.Throws<InvalidDataException>(() => state.Replay(1, new DecodedBatch(1, [new LogEntry("default", "u", null)])));
    }

    [Fact]
    public void TakeChanged_AnyHandOverPoints_MissesNoChange() =>
        Gen.Select(EngagementGenerator.Events.Array[1, 150], Gen.Int[1, 30]).Sample((events, every) =>
        {
            var fold = new EngagementFold(neighbourCapacity: 6, new TitleTable());
            var counted = new Dictionary<string, long>();
            var linked = new Dictionary<string, (string, int, int)[]>();
            for (var i = 0; i < events.Length; i++)
            {
                fold.Apply(events[i], i);
                if (i % every == 0 || i == events.Length - 1)
                {
                    foreach (var title in fold.TakeChangedTitles())
                    {
                        counted[title.TitleId] = title.Summarise().EventCount;
                    }

                    while (fold.TakeChangedNeighbours(3) is { Count: > 0 } some)
                    {
                        foreach (var title in some)
                        {
                            linked[title] = NeighboursOf(fold, title);
                        }
                    }
                }
            }

            Assert.False(fold.HasChangedTitles || fold.HasChangedNeighbours);
            foreach (var title in events.Select(engagement => engagement.TitleId).Distinct())
            {
                Assert.Equal(events.Count(engagement => engagement.TitleId == title), counted[title]);
                Assert.Equal(NeighboursOf(fold, title), linked.GetValueOrDefault(title, []));
            }
        });

    [Fact]
    public void MarkChangedSince_AnOffset_MarksWhatChangedFromThere()
    {
        var fold = new EngagementFold(neighbourCapacity: 8, new TitleTable());
        fold.Apply(Like("a", 1), offset: 0);
        fold.Apply(Like("b", 2), offset: 1);
        fold.Erase("u");
        fold.Apply(Like("c", 3), offset: 3);
        fold.TakeChangedTitles();
        fold.TakeChangedNeighbours(10);
        fold.MarkChangedSince(1);
        fold.MarkNeighboursChangedSince(1);
        Assert.Equal(["b", "c"], fold.TakeChangedTitles().Select(title => title.TitleId));
        Assert.Equal(["a", "b"], fold.TakeChangedNeighbours(10));
    }

    [Fact]
    public void Erase_AViewer_LinksNothingToWhatWasBefore()
    {
        var fold = new EngagementFold(neighbourCapacity: 8, new TitleTable());
        fold.Apply(Like("a", 1), offset: 0);
        fold.Erase("u");
        fold.Apply(Like("b", 2), offset: 2);
        Assert.Empty(NeighboursOf(fold, "a"));
        Assert.Equal(1, fold.Find("a")!.Summarise().Counts[(int)EngagementType.Like]);
    }

    private static (string Title, int Transition, int CoWatch)[] NeighboursOf(EngagementFold fold, string titleId)
    {
        var share = fold.NeighboursOf([titleId]);
        return [.. share.Titles.Select((index, i) => (share.TitleIds[index], share.Transitions[i], share.CoWatches[i]))];
    }

    private static EngagementEvent Like(string titleId, long occurredAt) => new()
    {
        EventId = $"{titleId}-{occurredAt}",
        UserId = "u",
        TitleId = titleId,
        Type = EngagementType.Like,
        OccurredAt = occurredAt,
    };

    private static byte[] Bytes(PartitionState state, long tailFrom)
    {
        var buffer = new ArrayBufferWriter<byte>();
        state.Write(tailFrom, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
