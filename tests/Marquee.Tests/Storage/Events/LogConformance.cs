using System.Text;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

/// <summary>What every partition log keeps. An implementation inherits this in a few lines.</summary>
public abstract class LogConformance : IAsyncDisposable
{
    private static readonly LogPartition Partition = LogPartition.Events(17);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPartitionLog? _log;

    protected IPartitionLog Log => _log ??= Create();

    /// <summary>Opens the log of this test; again after <see cref="CloseAsync"/>, with the same content.</summary>
    protected abstract IPartitionLog Create();

    /// <summary>Closes the log as an orderly stop does.</summary>
    protected abstract ValueTask CloseAsync(IPartitionLog log);

    public virtual async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await CloseAsync(_log);
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Open_NewPartition_BeginsAtEpochOneAndOffsetZero()
        => Assert.Equal(new PartitionOwnership(1, 0, 0), await Log.OpenAsync(Partition, Cancellation));

    [Fact]
    public async Task Open_Again_RaisesTheEpochAndKeepsTheOffsets()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        Assert.Equal(new PartitionOwnership(2, 0, 2), await Log.OpenAsync(Partition, Cancellation));
    }

    [Fact]
    public async Task Read_AfterAppends_GivesTheBatchesBackInOrder()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await AppendAsync(1, 2, "c");
        await AppendAsync(1, 3, "def");
        Assert.Equal(["1:0:ab", "1:2:c", "1:3:def"], await ReadAsync(0));
    }

    [Fact]
    public async Task Read_FromTheMiddleOfABatch_BeginsWithThatBatch()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await AppendAsync(1, 2, "cde");
        await AppendAsync(1, 5, "f");
        Assert.Equal(["1:2:cde", "1:5:f"], await ReadAsync(4));
        Assert.Equal(["1:5:f"], await ReadAsync(5));
        Assert.Empty(await ReadAsync(6));
        Assert.Empty(await ReadAsync(600));
    }

    [Fact]
    public async Task Read_PartitionThatWasNeverOpened_GivesNothing() => Assert.Empty(await ReadAsync(0));

    [Fact]
    public async Task Read_ManyBatches_GivesAllOfThem()
    {
        await Log.OpenAsync(Partition, Cancellation);
        for (var i = 0; i < 700; i++)
        {
            await AppendAsync(1, i, ((char)('a' + (i % 26))).ToString());
        }

        Assert.Equal(Enumerable.Range(350, 350).Select(i => $"1:{i}:{(char)('a' + (i % 26))}"), await ReadAsync(350));
    }

    [Fact]
    public async Task Append_LargeAndEmptyPayloads_AreReadBackByteForByte()
    {
        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        await Log.OpenAsync(Partition, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(Partition, 1, 0, new LogBatch(5, large), Cancellation));
        Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(Partition, 1, 5, new LogBatch(1, default), Cancellation));
        var batches = await Log.ReadAsync(Partition, 0, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(large, batches[0].Payload.ToArray());
        Assert.Equal((5, 1, 0), (batches[0].Count, batches[1].Count, batches[1].Payload.Length));
    }

    [Fact]
    public async Task Append_StaleEpoch_IsFencedAndWritesNothing()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await Log.OpenAsync(Partition, Cancellation);
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(Partition, 1, 0, Batch("zombie"), Cancellation));
        await AppendAsync(2, 0, "a");
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(Partition, 1, 1, Batch("zombie"), Cancellation));
        Assert.Equal(["2:0:a"], await ReadAsync(0));
    }

    [Fact]
    public async Task Append_PartitionThatWasNeverOpened_IsFenced()
        => Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(Partition, 1, 0, Batch("a"), Cancellation));

    [Fact]
    public async Task Append_FencedAmongOthers_IsRefusedAlone()
    {
        var partitions = Enumerable.Range(0, 16).Select(LogPartition.Events).ToArray();
        foreach (var partition in partitions)
        {
            await Log.OpenAsync(partition, Cancellation);
        }

        await Log.OpenAsync(partitions[3], Cancellation);
        var outcomes = await Task.WhenAll(partitions.Select(partition => Log.AppendAsync(partition, 1, 0, Batch("a"), Cancellation).AsTask()));
        Assert.Equal(partitions.Select(partition => partition == partitions[3] ? AppendOutcome.Fenced : AppendOutcome.Appended), outcomes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Append_OwnerWithAWrongOffset_IsAMistakeThatWritesNothing(long offset)
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        var mistake = await Assert.ThrowsAsync<UnexpectedOffsetException>(
            async () => await Log.AppendAsync(Partition, 1, offset, Batch("x"), Cancellation));
        Assert.Equal((2, offset), (mistake.Expected, mistake.Found));
        Assert.Equal(["1:0:ab"], await ReadAsync(0));
    }

    [Fact]
    public async Task Append_TwoFirstWritesAtOnce_OneLandsAndOneIsRefused()
    {
        await Log.OpenAsync(Partition, Cancellation);
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return await Log.AppendAsync(Partition, 1, 0, Batch("a"), Cancellation);
            }
            catch (UnexpectedOffsetException)
            {
                return AppendOutcome.Fenced;
            }
        }));
        Assert.Single(attempts, AppendOutcome.Appended);
        Assert.Equal(["1:0:a"], await ReadAsync(0));
    }

    [Fact]
    public async Task Open_ManyAtOnce_GiveEachTheirOwnEpochAndOneWriter()
    {
        var owners = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Log.OpenAsync(Partition, Cancellation).AsTask()));
        Assert.Equal(Enumerable.Range(1, 16).Select(epoch => (long)epoch), owners.Select(owner => owner.Epoch).Order());
        var outcomes = await Task.WhenAll(owners.Select(owner => Log.AppendAsync(Partition, owner.Epoch, 0, Batch("a"), Cancellation).AsTask()));
        Assert.Equal(owners.Select(owner => owner.Epoch == 16 ? AppendOutcome.Appended : AppendOutcome.Fenced), outcomes);
    }

    [Fact]
    public async Task Append_ManyPartitionsAtOnce_EachKeepsItsOwnOrder()
    {
        const int Partitions = 64, Batches = 40;
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async number =>
        {
            var partition = LogPartition.Events(number);
            var owner = await Log.OpenAsync(partition, Cancellation);
            var offset = 0;
            for (var i = 0; i < Batches; i++)
            {
                var count = 1 + ((number + i) % 5);
                Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(partition, owner.Epoch, offset, Batch($"{number}.{i}", count), Cancellation));
                offset += count;
            }
        }));

        for (var number = 0; number < Partitions; number++)
        {
            var batches = await Log.ReadAsync(LogPartition.Events(number), 0, Cancellation).ToListAsync(Cancellation);
            Assert.Equal(Enumerable.Range(0, Batches).Select(i => $"{number}.{i}"), batches.Select(Text));
        }
    }

    [Fact]
    public async Task Reopen_AfterAnOrderlyStop_KeepsContentAndFencesOldEpochs()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await ReopenAsync();
        Assert.Equal(["1:0:ab"], await ReadAsync(0));
        Assert.Equal(new PartitionOwnership(2, 0, 2), await Log.OpenAsync(Partition, Cancellation));
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(Partition, 1, 2, Batch("zombie"), Cancellation));
        await AppendAsync(2, 2, "c");
        Assert.Equal(["1:0:ab", "2:2:c"], await ReadAsync(0));
    }

    [Fact]
    public async Task Truncate_InTheMiddleOfABatch_KeepsThatBatch()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await AppendAsync(1, 2, "cd");
        await AppendAsync(1, 4, "e");
        Assert.True(await Log.TruncateAsync(Partition, 1, 3, Cancellation));
        Assert.Equal(["1:2:cd", "1:4:e"], await ReadAsync(0));
        Assert.Equal(new PartitionOwnership(2, 2, 5), await Log.OpenAsync(Partition, Cancellation));
    }

    [Fact]
    public async Task Truncate_Everything_NeverLosesTheNextOffset()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await AppendAsync(1, 2, "c");
        Assert.True(await Log.TruncateAsync(Partition, 1, long.MaxValue, Cancellation));
        Assert.Empty(await ReadAsync(0));
        await ReopenAsync();
        Assert.Equal(new PartitionOwnership(2, 3, 3), await Log.OpenAsync(Partition, Cancellation));
        await AppendAsync(2, 3, "d");
        Assert.Equal(["2:3:d"], await ReadAsync(0));
    }

    [Fact]
    public async Task Truncate_ManyBatches_LetsGoOfAllAndTouchesNoOtherPartition()
    {
        var other = LogPartition.Catalogue("default");
        await Log.OpenAsync(Partition, Cancellation);
        await Log.OpenAsync(other, Cancellation);
        await Log.AppendAsync(other, 1, 0, Batch("kept"), Cancellation);
        for (var i = 0; i < 600; i++)
        {
            await AppendAsync(1, i, "x");
        }

        Assert.True(await Log.TruncateAsync(Partition, 1, 599, Cancellation));
        Assert.Equal(["1:599:x"], await ReadAsync(0));
        Assert.Equal("kept", Text(Assert.Single(await Log.ReadAsync(other, 0, Cancellation).ToListAsync(Cancellation))));
    }

    [Fact]
    public async Task Truncate_StaleEpoch_IsRefused()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await AppendAsync(1, 0, "ab");
        await Log.OpenAsync(Partition, Cancellation);
        Assert.False(await Log.TruncateAsync(Partition, 1, 2, Cancellation));
        Assert.Equal(["1:0:ab"], await ReadAsync(0));
    }

    [Fact]
    public async Task Read_OvertakenByATruncation_SaysSoInsteadOfSkipping()
    {
        await Log.OpenAsync(Partition, Cancellation);
        var payload = new byte[700_000];
        for (var i = 0; i < 8; i++)
        {
            await Log.AppendAsync(Partition, 1, i, new LogBatch(1, payload), Cancellation);
        }

        var read = new List<long>();
        await Assert.ThrowsAsync<LogTruncatedException>(async () =>
        {
            await foreach (var batch in Log.ReadAsync(Partition, 0, Cancellation))
            {
                read.Add(batch.FirstOffset);
                await Log.TruncateAsync(Partition, 1, 7, Cancellation);
            }
        });
        Assert.Equal(Enumerable.Range(0, read.Count).Select(offset => (long)offset), read);
    }

    [Fact]
    public async Task Append_CancelledBefore_WritesNothing()
    {
        await Log.OpenAsync(Partition, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Log.AppendAsync(Partition, 1, 0, Batch("a"), new CancellationToken(canceled: true)));
        Assert.Empty(await ReadAsync(0));
    }

    [Fact]
    public async Task Append_GivenUpAtAnyMoment_LandsWholeOrNotAtAllAndNeverWhenItSaysSo()
    {
        var random = new Random(7);
        var landed = new List<long>();
        for (var i = 0; i < 150; i++)
        {
            var owner = await Log.OpenAsync(Partition, Cancellation);
            using var giveUp = new CancellationTokenSource();
            var append = AppendOrCancelAsync(owner, giveUp.Token);
            Thread.SpinWait(random.Next(60_000));
            await giveUp.CancelAsync();
            var outcome = await append;
            var end = (await Log.OpenAsync(Partition, Cancellation)).NextOffset;
            Assert.Contains(end - owner.NextOffset, outcome switch
            {
                AppendOutcome.Appended => [3],
                AppendOutcome.Unknown => [0, 3],
                _ => new long[] { 0 },
            });
            if (end > owner.NextOffset)
            {
                landed.Add(owner.NextOffset);
            }
        }

        Assert.Equal(landed, (await Log.ReadAsync(Partition, 0, Cancellation).ToListAsync(Cancellation)).Select(batch => batch.FirstOffset));

        async Task<AppendOutcome?> AppendOrCancelAsync(PartitionOwnership owner, CancellationToken cancellationToken)
        {
            try
            {
                return await Log.AppendAsync(Partition, owner.Epoch, owner.NextOffset, Batch("abc"), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("events 17")]
    [InlineData("événements")]
    public async Task Open_ImpossibleName_IsRefused(string name)
        => await Assert.ThrowsAsync<ArgumentException>(async () => await Log.OpenAsync(new LogPartition(name), Cancellation));

    [Fact]
    public async Task Open_NameThatIsTooLong_IsRefused()
    {
        await Log.OpenAsync(new LogPartition(new string('a', LogPartition.NameLengthMax)), Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Log.OpenAsync(new LogPartition(new string('a', LogPartition.NameLengthMax + 1)), Cancellation));
    }

    protected static LogBatch Batch(string text, int? count = null) => new(count ?? text.Length, Encoding.UTF8.GetBytes(text));

    protected async Task ReopenAsync()
    {
        await CloseAsync(Log);
        _log = Create();
    }

    protected async Task AppendAsync(long epoch, long offset, string text)
        => Assert.Equal(AppendOutcome.Appended, await Log.AppendAsync(Partition, epoch, offset, Batch(text), Cancellation));

    protected async Task<List<string>> ReadAsync(long from)
    {
        var read = new List<string>();
        await foreach (var batch in Log.ReadAsync(Partition, from, Cancellation))
        {
            read.Add($"{batch.Epoch}:{batch.FirstOffset}:{Text(batch)}");
            Assert.True(batch.Count > 0);
        }

        return read;
    }

    private static string Text(StoredBatch batch) => Encoding.UTF8.GetString(batch.Payload.Span);
}
