using Marquee.Contracts.Catalogue;

namespace Marquee.Grains.Catalogue;

/// <summary>Carries the changed rows of a silo's titles to the catalogue feed: one call per turn, whatever the number of rows.</summary>
internal sealed class CatalogueFeedPublisher(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan TurnInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);
    private TaskCompletionSource? _next;

    /// <summary>Completes when the next turn gathers its rows. Wait for it before computing a row: one row then covers many changes.</summary>
    public Task NextTurn
    {
        get
        {
            lock (_lock)
            {
                if (_next is null)
                {
                    _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _ = Open(_next);
                }

                return _next.Task;
            }
        }
    }

    /// <summary>Publishes a row; completes when the feed has it.</summary>
    public Task Publish(string tenant, TitleRowMessage row)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(tenant, out var turn))
            {
                _turns.Add(tenant, turn = new Turn([], new(TaskCreationOptions.RunContinuationsAsynchronously)));
                if (_turns.Count == 1)
                {
                    _ = Send();
                }
            }

            turn.Rows.Add(row);
            return turn.Done.Task;
        }
    }

    private async Task Open(TaskCompletionSource turn)
    {
        await Task.Delay(TurnInterval, time);
        lock (_lock)
        {
            _next = null;
        }

        turn.SetResult();
    }

    private async Task Send()
    {
        // Lets the titles that woke up with this turn add their rows.
        await Task.Delay(TimeSpan.FromMilliseconds(5), time);
        Dictionary<string, Turn> turns;
        lock (_lock)
        {
            (turns, _turns) = (_turns, new(StringComparer.Ordinal));
        }

        await Task.WhenAll(turns.Select(pair => Send(pair.Key, pair.Value)));
    }

    private async Task Send(string tenant, Turn turn)
    {
        try
        {
            await grains.GetGrain<ICatalogueFeedGrain>(tenant).Publish([.. turn.Rows]);
            turn.Done.SetResult();
        }
        catch (Exception exception)
        {
            turn.Done.SetException(exception);
        }
    }

    private sealed record Turn(List<TitleRowMessage> Rows, TaskCompletionSource Done);
}
