namespace Marquee.Cli.Import;

/// <summary>Reads a source that may be a pipe: tells when nothing comes for a while, and can be left in the middle of a read.</summary>
/// <param name="items">The source.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="interrupted">Ends the reading at once, even where the operating system's read does not end.</param>
internal sealed class PatientReader<T>(IAsyncEnumerable<T> items, TimeProvider timeProvider, CancellationToken interrupted) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _source = items.GetAsyncEnumerator(interrupted);
    private Task<bool>? _pending;

    /// <summary>The item, after <see cref="ReadOutcome.Item"/>.</summary>
    public T Current => _source.Current;

    /// <summary>Waits for the next item, but no longer than <paramref name="patience"/>.</summary>
    /// <exception cref="OperationCanceledException">The reading was interrupted.</exception>
    public async ValueTask<ReadOutcome> MoveNextAsync(TimeSpan patience)
    {
        interrupted.ThrowIfCancellationRequested();
        if (_pending is null)
        {
            var next = _source.MoveNextAsync();
            if (next.IsCompletedSuccessfully)
            {
                return next.Result ? ReadOutcome.Item : ReadOutcome.End;
            }

            _pending = next.AsTask();
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var waited = await Task.WhenAny(_pending, Task.Delay(patience, timeProvider, stop.Token));
        await stop.CancelAsync();
        if (waited != _pending)
        {
            interrupted.ThrowIfCancellationRequested();
            return ReadOutcome.Idle;
        }

        var moved = await _pending;
        _pending = null;
        return moved ? ReadOutcome.Item : ReadOutcome.End;
    }

    /// <summary>Lets the source go, unless it is in the middle of a read: that one ends with the process.</summary>
    public ValueTask DisposeAsync() => _pending is null or { IsCompleted: true } ? _source.DisposeAsync() : ValueTask.CompletedTask;
}

/// <summary>What came of waiting for an item.</summary>
internal enum ReadOutcome
{
    /// <summary>An item is there.</summary>
    Item,

    /// <summary>Nothing came yet.</summary>
    Idle,

    /// <summary>Nothing will come any more.</summary>
    End,
}
