using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

/// <summary>What a log that several nodes share keeps besides: each node has a handle of its own on the same content.</summary>
public abstract class SharedLogConformance : DurableLogConformance
{
    private static readonly LogPartition Shared = LogPartition.Events(3);

    /// <summary>The same as <see cref="LogConformance.Create"/>, by another way to the server; gives up waiting for an answer after some seconds.</summary>
    private protected abstract IPartitionLog CreateBehind(BreakableWay way);

    [Fact]
    public async Task Append_AnswerLostButLanded_IsUnknownAndFoundByTheNextOpening()
    {
        using var way = new BreakableWay();
        var log = CreateBehind(way);
        var owner = await log.OpenAsync(Shared, Cancellation);
        way.LoseAnswers();
        Assert.Equal(AppendOutcome.Unknown, await log.AppendAsync(Shared, owner.Epoch, 0, Batch("ab"), Cancellation));
        way.Heal();
        Assert.Equal(new PartitionOwnership(2, 0, 2), await log.OpenAsync(Shared, Cancellation));
        var landed = await Log.ReadAsync(Shared, 0, Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Batch("ab").Payload.ToArray(), landed.Payload.ToArray());
        await CloseAsync(log);
    }

    [Fact]
    public async Task Open_OnAnotherNode_FencesTheZombieWhateverItKnows()
    {
        var other = Create();
        var zombie = await Log.OpenAsync(Shared, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(Shared, zombie.Epoch, 0, Batch("ab"), Cancellation));
        var owner = await other.OpenAsync(Shared, Cancellation);
        Assert.Equal(new PartitionOwnership(2, 0, 2), owner);
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(Shared, zombie.Epoch, 2, Batch("zombie"), Cancellation));
        Assert.False(await Log.TruncateAsync(Shared, zombie.Epoch, 2, Cancellation));
        Assert.Equal(AppendOutcome.Appended, await other.AppendAsync(Shared, owner.Epoch, 2, Batch("c"), Cancellation));
        Assert.Equal([1L, 2], (await Log.ReadAsync(Shared, 0, Cancellation).ToListAsync(Cancellation)).Select(batch => batch.Epoch));
        await CloseAsync(other);
    }

    [Fact]
    public async Task Append_WhileOthersTakeThePartitionOver_OffsetsStayContiguousAndEpochsNeverFall()
    {
        IPartitionLog[] nodes = [Create(), Create(), Create(), Create()];
        var acknowledged = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => WriteAsync(node, (char)('a' + i)))));
        var batches = await Log.ReadAsync(Shared, 0, Cancellation).ToListAsync(Cancellation);
        long next = 0, epoch = 0;
        foreach (var batch in batches)
        {
            Assert.Equal(next, batch.FirstOffset);
            Assert.True(batch.Epoch >= epoch, $"Epoch {batch.Epoch} at {batch.FirstOffset} is behind {epoch}.");
            (next, epoch) = (batch.FirstOffset + batch.Count, batch.Epoch);
        }

        // No append was of unknown outcome here, so what is there is exactly what was acknowledged.
        Assert.Equal(
            acknowledged.SelectMany(all => all).OrderBy(append => append.Offset),
            batches.Select(batch => (batch.FirstOffset, batch.Epoch)));
        foreach (var node in nodes)
        {
            await CloseAsync(node);
        }

        static async Task<List<(long Offset, long Epoch)>> WriteAsync(IPartitionLog node, char letter)
        {
            var landed = new List<(long, long)>();
            for (var opening = 0; opening < 12; opening++)
            {
                var owner = await node.OpenAsync(Shared, Cancellation);
                var offset = owner.NextOffset;
                while (landed.Count < 1_000)
                {
                    var outcome = await node.AppendAsync(Shared, owner.Epoch, offset, Batch(new string(letter, 3)), Cancellation);
                    if (outcome == AppendOutcome.Fenced)
                    {
                        break;
                    }

                    Assert.Equal(AppendOutcome.Appended, outcome);
                    landed.Add((offset, owner.Epoch));
                    offset += 3;
                    if (landed.Count % 10 == 0)
                    {
                        break;
                    }
                }
            }

            return landed;
        }
    }

    [Fact]
    public async Task Create_ManyNodesAtOnceOnNothing_ShareOneLog()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Create)));
        var owners = await Task.WhenAll(nodes.Select(node => node.OpenAsync(Shared, Cancellation).AsTask()));
        Assert.Equal(Enumerable.Range(1, 8).Select(epoch => (long)epoch), owners.Select(owner => owner.Epoch).Order());
        foreach (var node in nodes)
        {
            await CloseAsync(node);
        }
    }
}
