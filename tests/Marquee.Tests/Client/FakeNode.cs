using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Marquee.Tests.Client;

/// <summary>A node that lives in a message handler: keeps events by id, titles by id, and can be told to fail in every way.</summary>
internal sealed class FakeNode : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _eventIds = [];

    /// <summary>What happens to the next calls, in order, instead of a plain answer.</summary>
    public ConcurrentQueue<Trouble> Troubles { get; } = new();

    /// <summary>Answers for addresses that the fake does not know by itself: path and query → JSON.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>Every call: "POST /v1/events", with the query.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The bodies of the calls, in the same order.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>Events that count, in the order in which they were acknowledged.</summary>
    public List<JsonObject> Events { get; } = [];

    /// <summary>Titles in the catalogue.</summary>
    public Dictionary<string, JsonObject> Titles { get; } = [];

    /// <summary>Refuses an event or a title: item → field and message, or null.</summary>
    public Func<JsonObject, (string Field, string Message)?> Judge { get; set; } = _ => null;

    /// <summary>Signalled before a call is answered, with the number of calls so far.</summary>
    public Action<int> OnCall { get; set; } = _ => { };

    public HttpClient CreateHttpClient() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://node.test") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        int number;
        lock (_gate)
        {
            Calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            Bodies.Add(body);
            number = Calls.Count;
        }

        OnCall(number);
        var trouble = Troubles.TryDequeue(out var next) ? next : null;
        if (trouble is { Lands: false })
        {
            return await trouble.AnswerAsync(cancellationToken);
        }

        HttpResponseMessage answer;
        lock (_gate)
        {
            answer = Answer(request, body);
        }

        return trouble is null ? answer : await trouble.AnswerAsync(cancellationToken);
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string body)
    {
        var address = request.RequestUri!.PathAndQuery;
        if (Answers.TryGetValue(address, out var prepared))
        {
            return Json(HttpStatusCode.OK, prepared);
        }

        return (request.Method.Method, address) switch
        {
            ("POST", "/v1/events") => Take(body, "eventId", item => Events.Add(item), item => _eventIds.Add((string)item["eventId"]!)),
            ("POST", "/v1/titles") => Take(body, "titleId", item => Titles[(string)item["titleId"]!] = item, _ => true),
            ("GET", "/v1/status") => Json(HttpStatusCode.OK, """{"node":"fake","ready":true}"""),
            ("DELETE", _) => new HttpResponseMessage(HttpStatusCode.NoContent),
            _ => Json(HttpStatusCode.NotFound, """{"title":"Not found","status":404}"""),
        };
    }

    private HttpResponseMessage Take(string body, string id, Action<JsonObject> keep, Func<JsonObject, bool> isNew)
    {
        var (accepted, duplicates, errors) = (0, 0, new JsonArray());
        var items = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        Assert.InRange(items.Length, 1, 1000);
        for (var index = 0; index < items.Length; index++)
        {
            Assert.NotNull(items[index][id]);
            if (Judge(items[index]) is { } error)
            {
                errors.Add(new JsonObject { ["index"] = index, ["field"] = error.Field, ["message"] = error.Message });
            }
            else if (isNew(items[index]))
            {
                keep(items[index]);
                accepted++;
            }
            else
            {
                duplicates++;
            }
        }

        var rejected = errors.Count;
        if (rejected == items.Length)
        {
            return Json(HttpStatusCode.BadRequest, new JsonObject { ["title"] = "The request is not valid", ["rejected"] = rejected, ["errors"] = errors }.ToJsonString());
        }

        return id == "eventId"
            ? Json(HttpStatusCode.Accepted, new JsonObject { ["accepted"] = accepted, ["duplicates"] = duplicates, ["rejected"] = rejected, ["errors"] = errors, ["position"] = "1.1.1" }.ToJsonString())
            : Json(HttpStatusCode.OK, new JsonObject { ["created"] = accepted, ["replaced"] = duplicates, ["rejected"] = rejected, ["errors"] = errors, ["version"] = 1 }.ToJsonString());
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}

/// <summary>One way in which a call can go wrong.</summary>
/// <param name="Lands">Whether the node did what was asked all the same.</param>
/// <param name="AnswerAsync">What the caller sees of it.</param>
internal sealed record Trouble(bool Lands, Func<CancellationToken, Task<HttpResponseMessage>> AnswerAsync)
{
    /// <summary>An answer with this status.</summary>
    public static Trouble Status(HttpStatusCode status, TimeSpan? retryAfter = null, string body = """{"title":"Busy"}""") => new(false, _ =>
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/problem+json") };
        answer.Headers.RetryAfter = retryAfter is { } delta ? new RetryConditionHeaderValue(delta) : null;
        return Task.FromResult(answer);
    });

    /// <summary>Nobody listens.</summary>
    public static Trouble Refused { get; } = new(false, _ =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));

    /// <summary>The call lands, and the connection breaks before the answer is there.</summary>
    public static Trouble AnswerLost { get; } = new(true, _ =>
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely"));

    /// <summary>The call lands, and no answer comes, ever.</summary>
    /// <param name="began">Called when the silence begins.</param>
    public static Trouble Silence(Action began) => new(true, async cancellationToken =>
    {
        began();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("Not reached: the wait has no end.");
    });
}
