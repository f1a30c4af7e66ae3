namespace Marquee.Cli.Import;

/// <summary>Reads a source that may be a pipe: tells once when nothing comes for a while, and can be left in the middle of a read.</summary>
/// <param name="items">The source.</param>
/// <param name="patience">How long nothing may come before <see cref="ReadOutcome.Silence"/>.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="interrupted">Ends the reading at once, even where the operating system's read does not end.</param>
internal sealed class PatientReader<T>(IAsyncEnumerable<T> items, TimeSpan patience, TimeProvider timeProvider, CancellationToken interrupted) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _source = items.GetAsyncEnumerator(interrupted);
    private Task<bool>? _pending;

    /// <summary>The item, after <see cref="ReadOutcome.Item"/>.</summary>
    public T Current => _source.Current;

    /// <summary>Waits for the next item; after a silence that was told, for as long as it takes.</summary>
    /// <exception cref="OperationCanceledException">The reading was interrupted.</exception>
    public async ValueTask<ReadOutcome> MoveNextAsync()
    {
        interrupted.ThrowIfCancellationRequested();
        var longest = Timeout.InfiniteTimeSpan;
        if (_pending is null)
        {
            var next = _source.MoveNextAsync();
            if (next.IsCompletedSuccessfully)
            {
                return Told(next.Result);
            }

            (_pending, longest) = (next.AsTask(), patience);
        }

        await ((Task)_pending.WaitAsync(longest, timeProvider, interrupted)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        interrupted.ThrowIfCancellationRequested();
        if (!_pending.IsCompleted)
        {
            return ReadOutcome.Silence;
        }

        var moved = await _pending;
        _pending = null;
        return Told(moved);
    }

    /// <summary>Lets the source go, unless it is in the middle of a read: that one ends with the process.</summary>
    public ValueTask DisposeAsync() => _pending is null or { IsCompleted: true } ? _source.DisposeAsync() : ValueTask.CompletedTask;

    private ReadOutcome Told(bool moved)
    {
        interrupted.ThrowIfCancellationRequested();
        return moved ? ReadOutcome.Item : ReadOutcome.End;
    }
}

/// <summary>What came of waiting for an item.</summary>
internal enum ReadOutcome
{
    /// <summary>An item is there.</summary>
    Item,

    /// <summary>Nothing came for a while; told once per silence.</summary>
    Silence,

    /// <summary>Nothing will come any more.</summary>
    End,
}
