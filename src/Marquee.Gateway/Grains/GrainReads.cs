using Marquee.Gateway.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Grains;

/// <summary>Asks grains with a deadline.</summary>
internal sealed partial class GrainReads(IOptions<GatewayOptions> options, TimeProvider time, ILogger<GrainReads> logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _timeout = options.Value.ReadTimeout;
    private readonly TimeSpan _retryBudget = options.Value.ReadRetryBudget;

    /// <summary>The grain's answer, for what has no plainer substitute: tried again while the grain comes up on another silo.</summary>
    /// <param name="name">Names the call in the log.</param>
    /// <param name="call">The call; a pure read.</param>
    public async Task<GrainAnswer<T>> InsistAsync<T>(string name, Func<Task<T>> call)
    {
        var started = time.GetTimestamp();
        var answer = await TryAsync(name, call);
        for (var pause = ShortestPause; answer is { IsThere: false, IsOverloaded: false } && time.GetElapsedTime(started) + pause <= _retryBudget; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time);
            answer = await TryAsync(name, call);
        }

        return answer;
    }

    /// <summary>The grain's answer, for what has a plainer substitute. A call that fails at once is tried a second time, on what may be another silo; one that is late is not.</summary>
    /// <param name="name">Names the call in the log.</param>
    /// <param name="call">The call; a pure read.</param>
    public Task<GrainAnswer<T>> TryAsync<T>(string name, Func<Task<T>> call) => TryAsync(name, call, static call => call());

    /// <summary>As <see cref="TryAsync{T}(string, Func{Task{T}})"/>, for calls that are made often: what is asked is handed on, so that nothing is made to hold it.</summary>
    /// <param name="name">Names the call in the log.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="call">The call; a pure read.</param>
    public async Task<GrainAnswer<T>> TryAsync<TAsked, T>(string name, TAsked asked, Func<TAsked, Task<T>> call)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var remaining = _timeout - time.GetElapsedTime(started);
            try
            {
                return new GrainAnswer<T>(true, await call(asked).WaitAsync(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, time));
            }
            catch (LimitExceededException exception)
            {
                // To ask once more would only add to what waits.
                LogOverloaded(exception, name);
                return new GrainAnswer<T>(false, default, IsOverloaded: true);
            }
            catch (Exception exception) when (attempt == 2 || exception is TimeoutException)
            {
                // Whatever it was, the caller knows what to do without an answer.
                LogFailed(exception, name);
                return default;
            }
            catch (Exception exception)
            {
                LogRetried(exception, name);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Call} did not answer in time.")]
    private partial void LogFailed(Exception exception, string call);

    [LoggerMessage(LogLevel.Warning, "{Call} was refused: too many calls wait for the grain.")]
    private partial void LogOverloaded(Exception exception, string call);

    [LoggerMessage(LogLevel.Information, "{Call} failed and is tried once more.")]
    private partial void LogRetried(Exception exception, string call);
}

/// <summary>A grain's answer, if there was one.</summary>
/// <param name="IsThere">Whether there was.</param>
/// <param name="Value">The answer.</param>
/// <param name="IsOverloaded">There was none because too many calls wait for the grain.</param>
internal readonly record struct GrainAnswer<T>(bool IsThere, T? Value, bool IsOverloaded = false)
{
    /// <summary>What to say when there is no answer.</summary>
    /// <param name="who">Who does not answer; begins a sentence.</param>
    public Problem ProblemOf(string who) => IsOverloaded
        ? Problem.Overloaded($"{who} has too many requests to answer. Retry after a moment.")
        : Problem.Unavailable($"{who} does not answer. Retry after a moment.");
}
