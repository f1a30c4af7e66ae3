using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Grains;

/// <summary>Sends writes of unknown outcome again, until the retry budget is spent. Only for writes that may be carried out twice.</summary>
/// <remarks>
/// Of a call that fails nobody knows whether it was carried out: the node may have gone, or only its answer. A call that goes on
/// when the budget is spent is not waited for.
/// </remarks>
internal sealed class WriteRetries(IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>What an attempt is given that begins when the budget is all but spent.</summary>
    private static readonly TimeSpan LastAttempt = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _budget = options.Value.WriteRetryBudget;

    /// <summary>Tries again what one attempt left unknown.</summary>
    /// <param name="unknown">What that attempt left.</param>
    /// <param name="attempt">Another one. Never throws: what cannot be told is unknown.</param>
    /// <param name="settle">What an attempt says of all of them: it may refuse what an earlier one carried out.</param>
    /// <param name="isUnknown">Whether the outcome is still not known.</param>
    /// <param name="started">Timestamp of the first attempt.</param>
    public async Task<TResult> RepeatAsync<TResult>(
        TResult unknown, Func<Task<TResult>> attempt, Func<TResult, TResult> settle, Func<TResult, bool> isUnknown, long started)
    {
        var result = unknown;
        for (var pause = ShortestPause; isUnknown(result) && time.GetElapsedTime(started) + pause <= _budget; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            result = settle(await attempt());
        }

        return result;
    }

    /// <summary>Waits as long as the budget goes, and the last attempt is given; without a budget, however long the one attempt takes. Does not throw for what is not there by then.</summary>
    public async Task WithinAsync(Task answers)
    {
        try
        {
            await (_budget == TimeSpan.Zero ? answers : answers.WaitAsync(_budget + LastAttempt, time));
        }
        catch (TimeoutException)
        {
            // What is not there by now is unknown.
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
