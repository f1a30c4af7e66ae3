using System.Collections.Concurrent;
using Marquee.Contracts.Catalogue;

namespace Marquee.Grains.Catalogue;

/// <summary>Carries the changed rows of a silo's titles to the catalogue feed: one call per turn and tenant, whatever the number of rows.</summary>
internal sealed class CatalogueFeedPublisher
{
    private static readonly TimeSpan TurnInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>After a turn with many rows the next one gathers longer: a row then covers more changes.</summary>
    private static readonly TimeSpan BusyTurnInterval = TimeSpan.FromMilliseconds(250);
    private const int ManyRows = 500;

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(string Tenant, TitleRowMessage Row, TaskCompletionSource Done)> _rows = new();
    private TaskCompletionSource _next = NewTurn();
    private int _isOpening;
    private int _isSending;
    private volatile int _rowsOfLastTurn;

    public CatalogueFeedPublisher(IGrainFactory grains, TimeProvider time) => (_grains, _time) = (grains, time);

    /// <summary>Completes when the next turn gathers its rows. Wait for it before computing a row: one row then covers many changes.</summary>
    public Task NextTurn
    {
        get
        {
            var turn = Volatile.Read(ref _next).Task;
            if (Interlocked.CompareExchange(ref _isOpening, 1, 0) == 0)
            {
                _ = OpenTurn();
            }

            return turn;
        }
    }

    /// <summary>Publishes a row; completes when the feed has it.</summary>
    public Task Publish(string tenant, TitleRowMessage row)
    {
        var done = NewTurn();
        _rows.Enqueue((tenant, row, done));
        if (Interlocked.CompareExchange(ref _isSending, 1, 0) == 0)
        {
            _ = Task.Run(SendAll);
        }

        return done.Task;
    }

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task OpenTurn()
    {
        await Task.Delay(_rowsOfLastTurn > ManyRows ? BusyTurnInterval : TurnInterval, _time);
        Volatile.Write(ref _isOpening, 0);
        Interlocked.Exchange(ref _next, NewTurn()).SetResult();
    }

    private async Task SendAll()
    {
        do
        {
            while (!_rows.IsEmpty)
            {
                var rows = new List<(string Tenant, TitleRowMessage Row, TaskCompletionSource Done)>();
                while (_rows.TryDequeue(out var row))
                {
                    rows.Add(row);
                }

                _rowsOfLastTurn = rows.Count;
                await Task.WhenAll(rows.GroupBy(row => row.Tenant).Select(tenant => Send(tenant.Key, [.. tenant])));
            }

            Volatile.Write(ref _isSending, 0);
        }
        while (!_rows.IsEmpty && Interlocked.CompareExchange(ref _isSending, 1, 0) == 0);
    }

    private async Task Send(string tenant, (string Tenant, TitleRowMessage Row, TaskCompletionSource Done)[] rows)
    {
        try
        {
            await _grains.GetGrain<ICatalogueFeedGrain>(tenant).Publish([.. rows.Select(row => row.Row)]);
            foreach (var row in rows)
            {
                row.Done.SetResult();
            }
        }
        catch (Exception exception)
        {
            foreach (var row in rows)
            {
                row.Done.SetException(exception);
            }
        }
    }
}
