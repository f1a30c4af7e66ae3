using System.Net;

namespace Marquee.Client.Http;

/// <summary>Sends a call until it is answered for good or the budget is spent.</summary>
internal sealed class RetryingSender(HttpClient http, MarqueeClientOptions options)
{
    /// <param name="create">Makes the request anew for each attempt.</param>
    /// <param name="cancellationToken">Ends the call; nobody knows then whether it landed.</param>
    /// <returns>The first answer that is not transient, success or not, and the number of attempts. The caller disposes of it.</returns>
    /// <exception cref="MarqueeUnavailableException">The budget is spent.</exception>
    public async Task<(HttpResponseMessage Response, int Attempts)> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var time = options.TimeProvider;
        var start = time.GetTimestamp();
        var maybeApplied = false;
        for (var attempt = 1; ; attempt++)
        {
            Exception failure;
            TimeSpan? retryAfter = null;
            try
            {
                var response = await SendOnceAsync(create, TimeoutOf(attempt, time.GetElapsedTime(start)), cancellationToken).ConfigureAwait(false);
                if (!Backoff.IsTransient(response.StatusCode))
                {
                    return (response, attempt);
                }

                using (response)
                {
                    retryAfter = Backoff.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow());
                    // 429 is given before anything is done; the others can come after the log was asked to write.
                    maybeApplied |= response.StatusCode != HttpStatusCode.TooManyRequests;
                    failure = await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (HttpRequestException exception) when (Backoff.IsTransient(exception))
            {
                maybeApplied |= !Backoff.NeverSent(exception);
                failure = exception;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                maybeApplied = true;
                failure = new TimeoutException("No answer within the attempt's time.", exception);
            }

            var elapsed = time.GetElapsedTime(start);
            var pause = Backoff.Pause(attempt, retryAfter, options, options.Random.NextDouble());
            if (elapsed + pause >= options.RetryBudget)
            {
                throw new MarqueeUnavailableException(http.BaseAddress!, attempt, elapsed, maybeApplied, failure);
            }

            options.OnRetry?.Invoke(new FailedAttempt(attempt, pause, failure));
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan TimeoutOf(int attempt, TimeSpan elapsed)
    {
        var rest = options.RetryBudget - elapsed;
        return attempt == 1 || rest > options.AttemptTimeout ? options.AttemptTimeout : rest;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> create, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = create();
        using var timer = new CancellationTokenSource(timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token).ConfigureAwait(false);
    }
}
