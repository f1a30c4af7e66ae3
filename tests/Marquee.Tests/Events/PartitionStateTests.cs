using System.Buffers;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

/// <summary>What a partition writes is what its log says, and nothing of who asked.</summary>
public sealed class PartitionStateTests
{
    [Fact]
    public void Write_AFoldThatWasOnlyAskedFor_IsNotInTheBytes()
    {
        var asked = new PartitionState(new PartitionStateOptions());
        _ = asked.FoldOf("default").Find("moon");
        Assert.Equal(Bytes(new PartitionState(new PartitionStateOptions())), Bytes(asked));

        var entry = new LogEntry("default", "ada", new EngagementEvent { EventId = "e", UserId = "ada", TitleId = "moon", Type = EngagementType.Like, OccurredAt = 1 });
        var (one, other) = (new PartitionState(new PartitionStateOptions()), new PartitionState(new PartitionStateOptions()));
        _ = one.FoldOf("another");
        one.Apply(entry, appendedAt: 2);
        other.Apply(entry, appendedAt: 2);
        Assert.Equal(Bytes(other), Bytes(one));
    }

    [Fact]
    public void Write_AFoldFromWhichAllWasErased_StaysInTheBytes()
    {
        var state = new PartitionState(new PartitionStateOptions());
        state.Apply(new LogEntry("default", "ada", new EngagementEvent { EventId = "e", UserId = "ada", TitleId = "moon", Type = EngagementType.Like, OccurredAt = 1 }), appendedAt: 2);
        state.Apply(new LogEntry("default", "ada", null), appendedAt: 3);
        var read = PartitionState.Read(Bytes(state), new PartitionStateOptions());
        Assert.Equal(1, read.Folds["default"].Find("moon")!.Summarise().Counts[(int)EngagementType.Like]);
        Assert.Equal(Bytes(state), Bytes(read));
    }

    [Fact]
    public void Read_AfterAnErasure_KnowsWhomItErased()
    {
        var state = new PartitionState(new PartitionStateOptions());
        state.Apply(new LogEntry("default", "ada", new EngagementEvent { EventId = "e", UserId = "ada", TitleId = "moon", Type = EngagementType.Like, OccurredAt = 1 }), appendedAt: 2);
        var before = Bytes(state);
        state.Apply(new LogEntry("default", "ada", null), appendedAt: 3);

        var read = PartitionState.Read(Bytes(state), new PartitionStateOptions());

        Assert.Equal(1, read.Erased.LastOf("default/ada"));
        Assert.Equal(Bytes(state), Bytes(read));
        Assert.Equal(-1, PartitionState.Read(before, new PartitionStateOptions()).Erased.LastOf("default/ada"));
    }

    private static byte[] Bytes(PartitionState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        state.Write(tailFrom: state.NextOffset, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
