using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Marquee.Contracts.Events;
using Marquee.Gateway;
using Marquee.Gateway.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Gateway;

/// <summary>The gateway over fake grains, at noon of 1 March 2026: in memory, or on a server of its own on the loopback.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    internal const string Noon = "2026-03-01T12:00:00Z";

    private readonly WebApplication _app;

    private GatewayHost(WebApplication app) => _app = app;

    internal FakeGrainFactory Grains => (FakeGrainFactory)_app.Services.GetRequiredService<IGrainFactory>();

    internal FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    internal FakeReadiness Readiness => (FakeReadiness)_app.Services.GetRequiredService<IReadiness>();

    internal FakePartitionSilos PartitionSilos => (FakePartitionSilos)_app.Services.GetRequiredService<IPartitionSilos>();

    public HttpClient Client { get; private init; } = null!;

    public static async Task<GatewayHost> StartAsync(Action<GatewayOptions>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var app = await StartAppAsync(web => web.UseTestServer(), configure, replace);
        return new GatewayHost(app) { Client = app.GetTestClient() };
    }

    /// <summary>On Kestrel, for what the server itself decides; any free port.</summary>
    public static async Task<GatewayHost> StartOnKestrelAsync()
    {
        var app = await StartAppAsync(web => web.UseUrls("http://127.0.0.1:0"));
        return new GatewayHost(app) { Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) } };
    }

    private static async Task<WebApplication> StartAppAsync(
        Action<IWebHostBuilder> serve,
        Action<GatewayOptions>? configure = null,
        Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        serve(builder.WebHost);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGrainFactory, FakeGrainFactory>();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.Parse(Noon, System.Globalization.CultureInfo.InvariantCulture)));
        builder.Services.AddSingleton<IReadiness, FakeReadiness>();
        replace?.Invoke(builder.Services);
        builder.Services.AddMarqueeGateway(options =>
        {
            // Time stands still here: a test that wants retries asks for them.
            options.ReadRetryBudget = TimeSpan.Zero;
            options.WriteRetryBudget = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapMarquee();
        await app.StartAsync();
        return app;
    }

    /// <summary>Lets time go by until there is an answer.</summary>
    internal async Task<Answer> InTime(Task<Answer> pending)
    {
        while (!pending.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }

        return await pending;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    internal Task<Answer> PostAsync(string path, string body, string mediaType = "application/json") =>
        SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), mediaType);

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body = null, string? mediaType = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.RetryAfter?.Delta,
            isJson ? JsonDocument.Parse(text).RootElement.Clone() : default,
            text);
    }
}

/// <summary>An answer of the gateway.</summary>
internal sealed record Answer(int Status, string? MediaType, TimeSpan? RetryAfter, JsonElement Json, string Text)
{
    /// <summary>The fields that the problem names.</summary>
    public List<string> Fields => [.. Json.TryGetProperty("errors", out var errors) ? errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()!) : []];

    /// <summary>The last part of the problem's type.</summary>
    public string ProblemType => Json.GetProperty("type").GetString()!.Split(':')[^1];

    public int Number(string name) => Json.GetProperty(name).GetInt32();
}

internal sealed class FakeReadiness : IReadiness
{
    public bool Ready { get; set; } = true;

    public string? Reason { get; set; }
}
