using System.Net;
using System.Net.Http.Json;

namespace Marquee.Cluster.Tests.Events;

/// <summary>Sends batches as fast as they are answered and writes down what was acknowledged. Never retries.</summary>
internal sealed class Producer(HttpClient http, AcknowledgementLedger ledger, int number, int seed, Action<string>? failed = null)
{
    private static readonly string[] Types = ["play", "like", "complete", "impression", "addToList"];

    private readonly Random _random = new(seed);
    private int _next;

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var batch = Enumerable.Range(0, _random.Next(1, 40)).Select(_ => Next()).ToArray();
            foreach (var sent in batch)
            {
                ledger.Sent(sent);
            }

            try
            {
                using var answer = await http.PostAsJsonAsync(
                    "v1/events",
                    batch.Select(sent => new { eventId = sent.EventId, userId = sent.UserId, titleId = sent.TitleId, type = sent.Type }),
                    stop);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    ledger.AcknowledgedBatch(batch);
                }
                else
                {
                    failed?.Invoke($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                // Unknown: the node was killed, or the round is over.
                if (!stop.IsCancellationRequested)
                {
                    failed?.Invoke(exception.Message);
                }

                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private SentEvent Next() => new(
        $"p{number}-{_next++}-{_random.Next():x8}",
        $"user-{_random.Next(40)}",
        $"title-{_random.Next(30)}",
        Types[_random.Next(Types.Length)]);
}
