using Marquee.Benchmarks.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Benchmarks.Paths;

/// <summary>A recommendation over HTTP against a bare JSON endpoint of the same server, 32 connections, client in this process.</summary>
internal static class HttpBenchmark
{
    /// <summary>What was measured last in this process.</summary>
    public static (Measurement Bare, Measurement Ranked)? Measured { get; private set; }

    public static async Task Run(BenchmarkNode node, Report report)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var bare = builder.Build();
        bare.MapGet("/", () => Microsoft.AspNetCore.Http.Results.Json(new { answer = 42 }));
        await bare.StartAsync();

        using var http = new HttpClient();
        var bareAddress = bare.Urls.First();
        var baseline = await Measurement.Of(32, _ => Get(http, bareAddress));
        report.Add(baseline.Row("bare Kestrel JSON, client included"));
        var ranked = await Measurement.Of(32, i => Get(http, $"{node.Address}v1/users/{1 + (i % 500)}/recommendations?count=20"));
        Measured = (baseline, ranked);
        report.Add(ranked.Row("recommendation over HTTP, 12,611 titles, 20 items, client included", "bare Kestrel JSON", baseline, "1/10, better 1/4"));
    }

    private static async Task Get(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
