using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Marquee.Benchmarks;

/// <summary>A recommendation over HTTP against a bare JSON endpoint of the same server, 32 connections, client in this process.</summary>
internal static class HttpBenchmark
{
    public static async Task Run(BenchmarkNode node)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var bare = builder.Build();
        bare.MapGet("/", () => Results.Json(new { answer = 42 }));
        await bare.StartAsync();

        using var http = new HttpClient();
        var bareAddress = bare.Urls.First();
        var baseline = await Measurement.Of(32, _ => Get(http, bareAddress));
        baseline.Print("bare Kestrel JSON (baseline)");
        var ranked = await Measurement.Of(32, i => Get(http, $"{node.Address}v1/users/{1 + (i % 500)}/recommendations?count=20"));
        ranked.Print("recommendation over HTTP, 12,611 titles", baseline);
    }

    private static async Task Get(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
