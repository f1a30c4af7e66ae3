using System.Threading.Channels;

namespace Marquee.Storage.Postgres;

/// <summary>Group commit: while one transaction is under way, the next one gathers. One transaction at a time, in order per key.</summary>
/// <typeparam name="TWrite">What is written.</typeparam>
/// <typeparam name="TResult">The answer to one write.</typeparam>
internal sealed class GatheringWriter<TWrite, TResult> : IAsyncDisposable
{
    private const int WritesMax = 256;
    private const int BytesMax = 8 << 20;

    private readonly Channel<GatheredWrite<TWrite, TResult>> _queue;
    private readonly Func<TWrite, object> _keyOf;
    private readonly Func<IReadOnlyList<GatheredWrite<TWrite, TResult>>, Task> _flush;
    private readonly Task _running;

    /// <param name="keyOf">Two writes of one key never share a transaction.</param>
    /// <param name="flush">Writes them in one transaction and answers each.</param>
    /// <param name="queuedMax">How many writes queue; more wait to be queued.</param>
    public GatheringWriter(Func<TWrite, object> keyOf, Func<IReadOnlyList<GatheredWrite<TWrite, TResult>>, Task> flush, int queuedMax)
    {
        (_keyOf, _flush) = (keyOf, flush);
        _queue = Channel.CreateBounded<GatheredWrite<TWrite, TResult>>(new BoundedChannelOptions(queuedMax) { SingleReader = true });
        _running = Task.Run(Run);
    }

    /// <summary>Queues a write and waits for its answer.</summary>
    /// <exception cref="OperationCanceledException">Given up before the write was on its way.</exception>
    public async Task<TResult> SubmitAsync(GatheredWrite<TWrite, TResult> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        write.GiveUpWith(cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(GatheringWriter<TWrite, TResult>), "The store is closed; nothing was written.");
        }

        return await write.Answer.ConfigureAwait(false);
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    private async Task Run()
    {
        var later = new Queue<GatheredWrite<TWrite, TResult>>();
        while (later.Count > 0 || await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // Lets the other partitions of a batch, whose turn on this processor comes first, join the transaction.
            await Task.Yield();
            var group = Gather(later);
            if (group.Count == 0)
            {
                continue;
            }

            try
            {
                await _flush(group).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Each caller gets it; the next transaction is another matter.
                foreach (var write in group)
                {
                    write.Fail(exception);
                }
            }
        }
    }

    private List<GatheredWrite<TWrite, TResult>> Gather(Queue<GatheredWrite<TWrite, TResult>> later)
    {
        var group = new List<GatheredWrite<TWrite, TResult>>();
        var keys = new HashSet<object>();
        var bytes = 0L;
        for (var waiting = later.Count; waiting > 0; waiting--)
        {
            Place(later.Dequeue());
        }

        while (group.Count < WritesMax && bytes < BytesMax && later.Count < WritesMax && _queue.Reader.TryRead(out var write))
        {
            Place(write);
        }

        return group;

        void Place(GatheredWrite<TWrite, TResult> write)
        {
            // A key that was put off stays put off, so that its writes keep their order.
            if (group.Count >= WritesMax || bytes >= BytesMax || !keys.Add(_keyOf(write.Write)))
            {
                keys.Add(_keyOf(write.Write));
                later.Enqueue(write);
            }
            else if (write.TryTake())
            {
                group.Add(write);
                bytes += write.Bytes;
            }
        }
    }
}
