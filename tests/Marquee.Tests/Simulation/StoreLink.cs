using System.Runtime.CompilerServices;
using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>A node's way to the store: the product's contract over calls that get lost, come late, or are refused.</summary>
internal sealed class StoreLink(SimulatedStore store, EventLoop loop, Faults faults, FaultRates rates, Random chance) : IPartitionLog
{
    private const int BatchesPerRead = 8;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>While this holds, nothing gets through in either direction.</summary>
    public bool IsCut { get; set; }

    public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) =>
        new(Call(() => store.Claim(partition)));

    public async ValueTask<AppendOutcome> AppendAsync(
        LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        if (chance.Next(20) == 0)
        {
            // Waits on this side for its turn: who gives up now is told that nothing was, or will be, written.
            await Delay(Latency(), cancellationToken);
        }

        // Who gives up takes its memory back; what is on its way is on its way.
        var sent = batch with { Payload = batch.Payload.ToArray() };
        var answer = new TaskCompletionSource<AppendOutcome>();
        using var givingUp = cancellationToken.UnsafeRegister(_ => answer.TrySetResult(AppendOutcome.Unknown), null);
        Send(
            () =>
            {
                if (!answer.Task.IsCompleted && !sent.Payload.Span.SequenceEqual(batch.Payload.Span))
                {
                    throw new InvalidOperationException("The payload changed before the append was answered.");
                }

                return store.Append(partition, epoch, expectedOffset, sent);
            },
            answer,
            refused: () => answer.TrySetResult(AppendOutcome.Unavailable),
            broken: () => answer.TrySetResult(AppendOutcome.Unknown));
        return await answer.Task;
    }

    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var (position, isContinuation) = (from, false); ; isContinuation = true)
        {
            var (at, goesOn) = (position, isContinuation);
            var batches = await Call(() => store.Read(partition, at, goesOn, BatchesPerRead)).WaitAsync(cancellationToken);
            foreach (var batch in batches)
            {
                yield return batch;
                position = batch.FirstOffset + batch.Count;
            }

            if (batches.Count < BatchesPerRead)
            {
                yield break;
            }
        }
    }

    public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) =>
        new(Call(() => store.Truncate(partition, epoch, before)));

    /// <summary>Has the store do something.</summary>
    /// <exception cref="StoreUnavailableException">Refused, or nobody knows whether it was done.</exception>
    public Task<T> Call<T>(Func<T> work)
    {
        var answer = new TaskCompletionSource<T>();
        loop.After(CallTimeout, () => answer.TrySetException(new StoreUnavailableException("The store does not answer.")));
        Send(
            work,
            answer,
            refused: () => answer.TrySetException(new StoreUnavailableException("The store cannot be reached.")),
            broken: () => answer.TrySetException(new StoreUnavailableException("The connection broke.")));
        return answer.Task;
    }

    private void Send<T>(Func<T> work, TaskCompletionSource<T> answer, Action refused, Action broken)
    {
        if (faults.Happens(chance, rates.StoreRefused, "store refused"))
        {
            loop.After(Latency(), refused);
            return;
        }

        if (IsCut || faults.Happens(chance, rates.StoreRequestLost, "store request lost"))
        {
            Break(broken);
            return;
        }

        var delay = Latency();
        if (faults.Happens(chance, rates.StoreSlow, Faults.StoreLate))
        {
            delay += TimeSpan.FromSeconds(12 * Math.Pow(chance.NextDouble(), 8));
        }

        loop.After(delay, () => Arrive(work, answer, refused, broken));
    }

    private void Arrive<T>(Func<T> work, TaskCompletionSource<T> answer, Action refused, Action broken)
    {
        if (!store.IsUp)
        {
            loop.After(Latency(), refused);
            return;
        }

        Action reply;
        try
        {
            var result = work();
            reply = () => answer.TrySetResult(result);
        }
        catch (StoreDiedException)
        {
            store.Die(downFor: TimeSpan.FromMilliseconds(10 + chance.Next(500)));
            Break(broken);
            return;
        }
        catch (Exception exception) when (exception is not InvalidOperationException)
        {
            reply = () => answer.TrySetException(exception);
        }

        if (!IsCut && !faults.Happens(chance, rates.StoreAnswerLost, "store answer lost"))
        {
            loop.After(Latency(), reply);
        }
        else
        {
            Break(broken);
        }
    }

    /// <summary>Mostly it shows that a connection broke; otherwise the caller waits as long as it cares to.</summary>
    private void Break(Action broken)
    {
        if (chance.Next(5) > 0)
        {
            loop.After(Latency(), broken);
        }
    }

    private Task Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        var passed = new TaskCompletionSource();
        loop.After(delay, () => passed.TrySetResult());
        return passed.Task.WaitAsync(cancellationToken);
    }

    private TimeSpan Latency() => TimeSpan.FromMicroseconds(50 + chance.Next(500));
}
