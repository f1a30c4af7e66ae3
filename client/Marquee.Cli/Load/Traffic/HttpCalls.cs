using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Marquee.Cli.Load.Worlds;

namespace Marquee.Cli.Load.Traffic;

/// <summary>The calls of a load over HTTP, each tried once.</summary>
/// <remarks>
/// Not <c>MarqueeClient</c>, for this one purpose: it repeats what fails, which hides it, and it builds objects of every answer,
/// which on one machine takes from the server what is to be measured. Bodies are written into lent buffers, and of an answer
/// only what is counted is looked at.
/// </remarks>
/// <param name="http">Without a timeout of its own.</param>
/// <param name="nodes">Addresses that end in a slash; calls go to them in turn.</param>
/// <param name="world">Who is asked about.</param>
/// <param name="bodies">The events.</param>
/// <param name="timeout">A call that takes longer is lost.</param>
internal sealed class HttpCalls(HttpClient http, IReadOnlyList<Uri> nodes, SimulatedWorld world, EventBodies bodies, TimeSpan timeout) : ILoadCalls
{
    private const int ExcerptBytes = 300;

    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    private readonly string _users = world.UserPrefix;

    /// <inheritdoc/>
    public async Task<CallResult> SendAsync(Arrival arrival, CancellationToken abandoned)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        deadline.CancelAfter(timeout);
        var events = arrival.Kind is TrafficKind.Batch or TrafficKind.Event ? bodies.EventsOf(arrival.Kind) : 0;
        try
        {
            if (events == 0)
            {
                using var read = new HttpRequestMessage(HttpMethod.Get, AddressOf(arrival));
                return await AskAsync(read, events, deadline.Token);
            }

            var (buffer, length) = bodies.Write(arrival);
            using var write = new HttpRequestMessage(HttpMethod.Post, new Uri(NodeOf(arrival), "v1/events"))
            {
                Content = new ByteArrayContent(buffer, 0, length) { Headers = { ContentType = Lines } },
            };
            var result = await AskAsync(write, events, deadline.Token);

            // Only now: after a failure the connection may still be reading the buffer, and it is left to the collector.
            ArrayPool<byte>.Shared.Return(buffer);
            return result;
        }
        catch (OperationCanceledException)
        {
            var message = abandoned.IsCancellationRequested ? "the load was interrupted" : string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} s");
            return new CallResult { Outcome = CallOutcome.Lost, Events = events, Message = message };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new CallResult { Outcome = CallOutcome.Lost, Events = events, Message = exception.Message };
        }
    }

    private Uri NodeOf(Arrival arrival) => nodes[(int)(arrival.Number % nodes.Count)];

    private Uri AddressOf(Arrival arrival)
    {
        var chance = world.ChanceAt(ChanceStream.Traffic, arrival.Number);
        var path = arrival.Kind switch
        {
            TrafficKind.Recommend => string.Create(CultureInfo.InvariantCulture, $"v1/users/{_users}{world.DrawUser(ref chance)}/recommendations"),
            TrafficKind.Home => string.Create(CultureInfo.InvariantCulture, $"v1/users/{_users}{world.DrawUser(ref chance)}/home"),
            TrafficKind.Similar => $"v1/titles/{world.Titles.IdOf(world.DrawTitle(ref chance))}/similar",
            _ => "v1/trending",
        };
        return new Uri(NodeOf(arrival), path);
    }

    private async Task<CallResult> AskAsync(HttpRequestMessage request, int events, CancellationToken deadline)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline);
        await using var stream = await response.Content.ReadAsStreamAsync(deadline);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 14);
        var length = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length), deadline) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }

            return ResultOf(response.StatusCode, buffer.AsSpan(0, length), events);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static CallResult ResultOf(HttpStatusCode status, ReadOnlySpan<byte> body, int events)
    {
        if (status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices)
        {
            var result = new CallResult { Outcome = CallOutcome.Answered, Events = events, IsDegraded = body.IndexOf("\"degraded\":true"u8) >= 0 };
            return events > 0 ? Counted(result, body) : result;
        }

        return new CallResult
        {
            Outcome = status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? CallOutcome.Shed : CallOutcome.Refused,
            Events = events,
            Message = string.Create(CultureInfo.InvariantCulture, $"{(int)status} {Explanation(body)}"),
        };
    }

    /// <summary>What a refusal says, without what differs each time, so that equal ones are counted as one.</summary>
    private static string Explanation(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (JsonElement.TryParseValue(ref reader, out var problem) && problem is { ValueKind: JsonValueKind.Object } fields)
            {
                return string.Join(": ", ((string[])["title", "detail"]).Where(name => fields.TryGetProperty(name, out _)).Select(name => fields.GetProperty(name).ToString()));
            }
        }
        catch (JsonException)
        {
            // Not from a node: what stands between may answer as it likes.
        }

        return Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptBytes)]).ReplaceLineEndings(" ");
    }

    /// <summary>Takes the three counts out of an acknowledgement.</summary>
    private static CallResult Counted(CallResult result, ReadOnlySpan<byte> body)
    {
        var (accepted, duplicates, rejected) = (0, 0, 0);
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    continue;
                }

                _ = (reader.ValueTextEquals("accepted"u8) && Take(ref reader, ref accepted))
                    || (reader.ValueTextEquals("duplicates"u8) && Take(ref reader, ref duplicates))
                    || (reader.ValueTextEquals("rejected"u8) && Take(ref reader, ref rejected));
            }
        }
        catch (JsonException)
        {
            return result with { Outcome = CallOutcome.Refused, Message = "the answer is not one of the Marquee API" };
        }

        return result with { Accepted = accepted, Duplicates = duplicates, Rejected = rejected };
    }

    private static bool Take(ref Utf8JsonReader reader, ref int number) => reader.Read() && reader.TryGetInt32(out number);
}
