using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Marquee.Gateway.Operations;

/// <summary>Shows the process' meters to Prometheus.</summary>
internal static class MetricsExport
{
    public static IServiceCollection AddMarqueeMetricsExport(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Marquee", "Marquee.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans", "System.Runtime")
            .AddPrometheusExporter());
        return services;
    }
}
