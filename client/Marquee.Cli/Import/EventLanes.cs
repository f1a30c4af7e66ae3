using System.Threading.Channels;

namespace Marquee.Cli.Import;

/// <summary>
/// Sends events in batches over several lanes at once, without ever sending two events of one viewer out of order: a viewer
/// always has the same lane, and a lane sends one batch at a time.
/// </summary>
/// <remarks>
/// Lanes do not drift apart: an event waits for its batch to fill only until twice the lanes' capacity has been read after
/// it, and a lane that is behind holds up the reader.
/// </remarks>
internal sealed class EventLanes
{
    private const int QueuedBatchesMax = 2;

    private readonly Func<IReadOnlyList<ImportItem>, CancellationToken, Task> _send;
    private readonly Lane[] _lanes;
    private readonly int _batch;
    private readonly CancellationTokenSource _failed;
    private long _added;

    /// <param name="concurrency">How many lanes.</param>
    /// <param name="batch">How many events a call may carry.</param>
    /// <param name="send">Sends one batch; returns when it is acknowledged. The first failure stops all lanes.</param>
    /// <param name="cancellationToken">Stops all lanes, acknowledged or not.</param>
    public EventLanes(int concurrency, int batch, Func<IReadOnlyList<ImportItem>, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        _batch = batch;
        _send = send;
        _failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _lanes = [.. Enumerable.Range(0, concurrency).Select(_ => new Lane())];
        foreach (var lane in _lanes)
        {
            lane.Sender = RunAsync(lane);
        }
    }

    /// <summary>Cancelled when a lane has failed, or all were stopped; <see cref="CompleteAsync"/> tells how.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Takes an event over; waits while its lane is behind.</summary>
    /// <exception cref="OperationCanceledException">A lane has failed; <see cref="CompleteAsync"/> tells how.</exception>
    public async ValueTask AddAsync(ImportItem item, CancellationToken cancellationToken)
    {
        var lane = _lanes[(uint)StringComparer.Ordinal.GetHashCode(item.Event!.UserId) % (uint)_lanes.Length];
        if (lane.Filling.Count == 0)
        {
            lane.FillingSince = _added;
        }

        lane.Filling.Add(item);
        _added++;
        if (lane.Filling.Count == _batch)
        {
            await HandOverAsync(lane, cancellationToken);
        }

        foreach (var waiting in _lanes)
        {
            if (waiting.Filling.Count > 0 && _added - waiting.FillingSince > 2L * _batch * _lanes.Length)
            {
                await HandOverAsync(waiting, cancellationToken);
            }
        }
    }

    /// <summary>Hands everything over to the lanes, full batches or not.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes.Where(lane => lane.Filling.Count > 0))
        {
            await HandOverAsync(lane, cancellationToken);
        }
    }

    /// <summary>Sends the rest and waits for every acknowledgement.</summary>
    /// <exception cref="Exception">What stopped the lanes, if something did.</exception>
    public async Task CompleteAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // A lane has failed; its task says how.
        }

        foreach (var lane in _lanes)
        {
            lane.Queue.Writer.Complete();
        }

        var all = Task.WhenAll(_lanes.Select(lane => lane.Sender));
        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The lane that failed first cancelled the others: tell its story, not theirs.
        if (all.Exception?.InnerExceptions.FirstOrDefault(failure => failure is not OperationCanceledException) is { } cause)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
        }

        await all;
    }

    /// <summary>The time of the oldest event that was taken over and not acknowledged; null when there is none.</summary>
    public DateTimeOffset? OldestUnacknowledged() => _lanes
        .SelectMany(lane => lane.Unacknowledged())
        .Min(item => item.Event!.OccurredAt);

    private async ValueTask HandOverAsync(Lane lane, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token, cancellationToken);
        await lane.Queue.Writer.WriteAsync(lane.Filling, either.Token);
        lane.Filling = new List<ImportItem>(_batch);
    }

    private async Task RunAsync(Lane lane)
    {
        await Task.Yield();
        try
        {
            await foreach (var batch in lane.Queue.Reader.ReadAllAsync(_failed.Token))
            {
                lane.Sending = batch;
                await _send(batch, _failed.Token);
                lane.Sending = [];
            }
        }
        catch
        {
            await _failed.CancelAsync();
            throw;
        }
    }

    private sealed class Lane
    {
        public Channel<List<ImportItem>> Queue { get; } = Channel.CreateBounded<List<ImportItem>>(QueuedBatchesMax);

        public List<ImportItem> Filling { get; set; } = [];

        public long FillingSince { get; set; }

        public List<ImportItem> Sending { get; set; } = [];

        public Task Sender { get; set; } = Task.CompletedTask;

        /// <summary>What is left after the lane has stopped.</summary>
        public IEnumerable<ImportItem> Unacknowledged()
        {
            var left = Sending.Concat(Filling);
            while (Queue.Reader.TryRead(out var batch))
            {
                left = left.Concat(batch);
            }

            return left;
        }
    }
}
