using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Marquee.Client.Http;

namespace Marquee.Client;

/// <summary>The typed client of the public HTTP API. Safe for concurrent use; keep one for the life of the program.</summary>
/// <remarks>
/// Every call is repeated on 429, 502, 503, 504, lost connections and timeouts, inside
/// <see cref="MarqueeClientOptions.RetryBudget"/>, honouring Retry-After. Every call throws
/// <see cref="MarqueeProblemException"/> when the node refuses it for good and <see cref="MarqueeUnavailableException"/>
/// when the budget is spent.
/// </remarks>
public sealed partial class MarqueeClient
{
    private readonly RetryingSender _sender;
    private readonly MarqueeClientOptions _options;
    private readonly Uri _root;

    /// <summary>Creates a client.</summary>
    /// <param name="http">
    /// Its BaseAddress is the node's address, with or without a path. The client neither changes nor disposes of it; its own
    /// timeout should be longer than <see cref="MarqueeClientOptions.AttemptTimeout"/>.
    /// </param>
    /// <param name="options">How patient the client is; the defaults when left out.</param>
    /// <exception cref="ArgumentException">The HttpClient has no base address.</exception>
    public MarqueeClient(HttpClient http, MarqueeClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        var address = http.BaseAddress ?? throw new ArgumentException("Give the HttpClient a BaseAddress: the node's address, for example http://127.0.0.1:8080.", nameof(http));
        // Relative addresses replace the last segment of a base that does not end in a slash.
        _root = address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
        _options = options ?? new MarqueeClientOptions();
        _sender = new RetryingSender(http, _options);
    }

    private async Task<(T Answer, int Attempts)> CallAsync<T>(
        HttpMethod method,
        string address,
        ReadOnlyMemory<byte>? body,
        JsonTypeInfo<T> answer,
        CancellationToken cancellationToken)
        where T : class
    {
        var (response, attempts) = await SendAsync(method, address, body, NdjsonBody.MediaType, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }

            return (await ReadAsync(response, answer, cancellationToken).ConfigureAwait(false), attempts);
        }
    }

    private Task<(T Answer, int Attempts)> GetAsync<T>(string address, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(HttpMethod.Get, address, null, answer, cancellationToken);

    /// <summary>Deletes; false when there was nothing to delete.</summary>
    private async Task<bool> DeleteAsync(string address, CancellationToken cancellationToken)
    {
        var (response, _) = await SendAsync(HttpMethod.Delete, address, null, "", cancellationToken).ConfigureAwait(false);
        using (response)
        {
            return response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.NotFound
                ? false
                : throw await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false));
        }
    }

    private Task<(HttpResponseMessage Response, int Attempts)> SendAsync(
        HttpMethod method,
        string address,
        ReadOnlyMemory<byte>? body,
        string mediaType,
        CancellationToken cancellationToken)
    {
        return _sender.SendAsync(Create, cancellationToken);

        HttpRequestMessage Create()
        {
            var request = new HttpRequestMessage(method, new Uri(_root, address));
            if (body is { } bytes)
            {
                request.Content = new ReadOnlyMemoryContent(bytes);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            }

            return request;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw new MarqueeProblemException(
                response.StatusCode,
                null,
                "The answer is not one of the Marquee API; is the address that of a Marquee node?",
                ProblemReader.Excerpt(body),
                [],
                exception);
        }
    }
}
