using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Load;

/// <summary>The public API as the clients of a chaos run call it: each call is tried once, and recorded before and after.</summary>
internal sealed class RecordedApi(HttpClient http, HistoryFile history)
{
    private readonly ConcurrentDictionary<RecordedEvent, RecordedEvent> _events = new();

    /// <summary>Sends events.</summary>
    /// <returns>The outcome as recorded.</returns>
    public async Task<HistoryRecord> AppendAsync(RecordedEvent[] batch)
    {
        var call = Begin(new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Append, Events = batch });
        var (status, answer) = await SendAsync(() => http.PostAsJsonAsync(
            "v1/events",
            batch.Select(sent => new EngagementBody(sent.Id, sent.User, sent.Title, sent.Type)).ToArray(),
            CliJson.Default.EngagementBodyArray));
        var outcome = Outcome(call, CallAction.Append, status, answer) with
        {
            Position = Text(answer, "position"),
            Duplicates = answer is { } body && body.TryGetProperty("duplicates", out var duplicates) ? duplicates.GetInt32() : 0,
        };
        if (outcome.Kind != RecordKind.Ok && EachOf(batch.Length, answer) is { } outcomes)
        {
            // Together they are what the worst of them is: only then is it known of all that they were not written.
            outcome = outcome with { Outcomes = outcomes, Kind = outcomes.All(each => each == RecordKind.Fail) ? RecordKind.Fail : RecordKind.Unknown };
        }

        return history.Add(outcome);
    }

    /// <summary>Reads a user's history.</summary>
    public async Task ReadAsync(string user, string? after)
    {
        var call = Begin(new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Read, User = user, After = after });
        var (status, answer) = await SendAsync(() => http.GetAsync($"v1/users/{user}/history?limit=1000{(after is null ? "" : $"&after={after}")}"));
        history.Add(Outcome(call, CallAction.Read, status, answer) with { Events = EventsOf(user, answer), Degraded = IsDegraded(answer) });
    }

    /// <summary>Asks for recommendations.</summary>
    public Task RecommendAsync(string user, string? after = null) => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Recommend, User = user, After = after },
        $"v1/users/{user}/recommendations?count=10{(after is null ? "" : $"&after={after}")}",
        (outcome, answer) => outcome with { Shown = TitlesOf(answer), Degraded = IsDegraded(answer), Source = Text(answer, "source"), Position = Text(answer, "position"), Because = BecauseOf(answer) });

    /// <summary>Asks for a home page.</summary>
    public Task HomeAsync(string user) => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Home, User = user },
        $"v1/users/{user}/home",
        (outcome, answer) => outcome with { Degraded = IsDegraded(answer) });

    /// <summary>Asks what is like a title.</summary>
    public Task SimilarAsync(string title) => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Similar, Title = title },
        $"v1/titles/{title}/similar?count=10",
        (outcome, answer) => outcome with { Shown = TitlesOf(answer) });

    /// <summary>Asks what is trending.</summary>
    public Task TrendingAsync() => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Trending },
        "v1/trending?count=10",
        (outcome, answer) => outcome with { Shown = TitlesOf(answer) });

    /// <summary>Asks for a title's counters.</summary>
    public Task CountAsync(string title) => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Count, Title = title },
        $"v1/titles/{title}/stats",
        (outcome, answer) => outcome with { Counts = answer is { } body ? CountsOf(body) : null });

    /// <summary>Reads a title.</summary>
    public Task ReadTitleAsync(string title) => AskAsync(
        new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Title, Title = title },
        $"v1/titles/{title}",
        (outcome, answer) => outcome with { Version = TitleWriting.VersionOf(Text(answer, "name")) });

    /// <summary>Writes a title.</summary>
    /// <param name="title">Which.</param>
    /// <param name="version">Which writing of it, from 1.</param>
    public async Task UpsertAsync(string title, int version)
    {
        var call = Begin(new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Upsert, Title = title, Version = version });
        var (status, answer) = await SendAsync(() => http.PostAsJsonAsync("v1/titles", [TitleWriting.Of(title, version)], CliJson.Default.TitleBodyArray));
        history.Add(Outcome(call, CallAction.Upsert, status, answer));
    }

    /// <summary>Erases a user.</summary>
    /// <returns>Whether it is done.</returns>
    public async Task<bool> EraseAsync(string user)
    {
        var call = Begin(new HistoryRecord { At = 0, Kind = RecordKind.Invoke, Action = CallAction.Erase, User = user });
        var (status, answer) = await SendAsync(() => http.DeleteAsync($"v1/users/{user}"));
        return history.Add(Outcome(call, CallAction.Erase, status, answer)).Kind == RecordKind.Ok;
    }

    /// <summary>A user's history in the end, recorded as final; null while it is not answered in full.</summary>
    public async Task<HistoryRecord?> FinalReadAsync(string user)
    {
        var (status, answer) = await SendAsync(() => http.GetAsync($"v1/users/{user}/history?limit=1000"));
        return status == HttpStatusCode.OK && !IsDegraded(answer)
            ? new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Read, User = user, Events = EventsOf(user, answer), Status = (int)status }
            : null;
    }

    /// <summary>A title's counters in the end, not recorded yet; null while they are not answered.</summary>
    public async Task<HistoryRecord?> FinalCountAsync(string title)
    {
        var (status, answer) = await SendAsync(() => http.GetAsync($"v1/titles/{title}/stats"));
        return status == HttpStatusCode.OK && answer is { } body
            ? new HistoryRecord
            {
                At = 0,
                Kind = RecordKind.Final,
                Action = CallAction.Count,
                Title = title,
                Counts = CountsOf(body),
            }
            : null;
    }

    /// <summary>Gives up the calls that are under way.</summary>
    public void Abandon() => http.CancelPendingRequests();

    private async Task AskAsync(HistoryRecord invoke, string path, Func<HistoryRecord, JsonElement?, HistoryRecord> learn)
    {
        var call = Begin(invoke);
        var (status, answer) = await SendAsync(() => http.GetAsync(path));
        var outcome = Outcome(call, invoke.Action, status, answer);
        history.Add(outcome.Kind == RecordKind.Ok ? learn(outcome, answer) : outcome);
    }

    private long Begin(HistoryRecord invoke)
    {
        var call = history.NextCall();
        history.Add(invoke with { Call = call });
        return call;
    }

    private static async Task<(HttpStatusCode? Status, JsonElement? Body)> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using var answer = await send();
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            return (answer.StatusCode, bytes is [(byte)'{', ..] ? JsonSerializer.Deserialize(bytes, CliJson.Default.JsonElement) : null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return (null, null);
        }
    }

    /// <summary>What the call as a whole came to. Only an answer of the product's own says that nothing was done.</summary>
    private static HistoryRecord Outcome(long call, CallAction action, HttpStatusCode? status, JsonElement? answer)
    {
        var kind = status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => RecordKind.Ok,
            null => RecordKind.Unknown,
            not HttpStatusCode.InternalServerError when Text(answer, "type") is { } type && !type.EndsWith("outcome-unknown", StringComparison.Ordinal) => RecordKind.Fail,
            _ => RecordKind.Unknown,
        };
        return new HistoryRecord { At = 0, Kind = kind, Call = call, Action = action, Status = (int)(status ?? 0), Detail = kind == RecordKind.Ok ? null : Text(answer, "detail") };
    }

    /// <summary>What a refusal says of each event of the batch; null when it does not say.</summary>
    private static RecordKind[]? EachOf(int count, JsonElement? answer)
    {
        if (answer is not { } body || !(body.TryGetProperty("written", out _) || body.TryGetProperty("unknown", out _) || body.TryGetProperty("notWritten", out _)))
        {
            return null;
        }

        var outcomes = new RecordKind[count];
        Array.Fill(outcomes, RecordKind.Unknown);
        Mark("written", RecordKind.Ok);
        Mark("notWritten", RecordKind.Fail);
        return outcomes;

        void Mark(string name, RecordKind kind)
        {
            if (body.TryGetProperty(name, out var indices) && indices.ValueKind == JsonValueKind.Array)
            {
                foreach (var index in indices.EnumerateArray())
                {
                    outcomes[index.GetInt32()] = kind;
                }
            }
        }
    }

    private RecordedEvent[]? EventsOf(string user, JsonElement? answer) => answer is { } body && body.TryGetProperty("events", out var events)
        ? [.. events.EnumerateArray().Select(entry => Shared(new RecordedEvent(Text(entry, "eventId")!, user, Text(entry, "titleId")!, Text(entry, "type")!)))]
        : null;

    /// <summary>The titles that a slate gives as reasons; null when it gives none.</summary>
    private static string[]? BecauseOf(JsonElement? answer) =>
        answer is { } body && body.TryGetProperty("items", out var items)
        && items.EnumerateArray().Select(item => Text(item, "becauseTitleId")).OfType<string>().Distinct().ToArray() is { Length: > 0 } titles ? titles : null;

    private static string[]? TitlesOf(JsonElement? answer) => answer is { } body && body.TryGetProperty("items", out var items)
        ? [.. items.EnumerateArray().Select(item => Text(item, "titleId")!)]
        : null;

    private static Dictionary<string, long> CountsOf(JsonElement body) =>
        body.GetProperty("counts").EnumerateObject().ToDictionary(count => count.Name, count => count.Value.GetInt64());

    /// <summary>An event is read many times, and kept once.</summary>
    private RecordedEvent Shared(RecordedEvent read) => _events.GetOrAdd(read, read);

    private static bool IsDegraded(JsonElement? answer) => answer is { } body && body.TryGetProperty("degraded", out var degraded) && degraded.GetBoolean();

    private static string? Text(JsonElement? element, string name) =>
        element is { } body && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Titles whose names tell which writing of them this is.</summary>
internal static class TitleWriting
{
    private const string Writing = ", writing ";

    /// <summary>A title, written so often with this.</summary>
    public static TitleBody Of(string title, int version) => new(title, string.Create(CultureInfo.InvariantCulture, $"Name of {title}{Writing}{version}"), ["Drama"]);

    /// <summary>Which writing a name is of; 0 of one that was written before the run, null without a name.</summary>
    public static int? VersionOf(string? name) => name is null ? null
        : name.LastIndexOf(Writing, StringComparison.Ordinal) is >= 0 and var at && int.TryParse(name.AsSpan(at + Writing.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : 0;
}

/// <summary>An event as it is sent.</summary>
internal sealed record EngagementBody(string EventId, string UserId, string TitleId, string Type);
