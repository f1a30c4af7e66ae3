using Marquee.Gateway.Catalogue;
using Marquee.Gateway.Events;
using Marquee.Gateway.Models;
using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Recommendations;
using Marquee.Gateway.Samples;
using Marquee.Gateway.Titles;
using Marquee.Gateway.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Marquee.Gateway;

/// <summary>Maps the HTTP gateway.</summary>
public static class GatewayEndpoints
{
    /// <summary>Maps version 1 of the API, its description, the operators' endpoints and the page. Needs <see cref="GatewayServices.AddMarqueeGateway"/>.</summary>
    public static WebApplication MapMarquee(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        ProblemPages.Use(app);
        Page.Use(app);

        var services = app.Services;
        services.GetRequiredService<EventEndpoints>().Map(app);
        services.GetRequiredService<TitleEndpoints>().Map(app);
        services.GetRequiredService<TitleStatisticsEndpoints>().Map(app);
        services.GetRequiredService<SimilarEndpoints>().Map(app);
        services.GetRequiredService<TrendingEndpoints>().Map(app);
        services.GetRequiredService<RecommendationEndpoints>().Map(app);
        services.GetRequiredService<HomeEndpoints>().Map(app);
        services.GetRequiredService<UserEndpoints>().Map(app);
        services.GetRequiredService<SampleEndpoints>().Map(app);
        services.GetRequiredService<ModelEndpoints>().Map(app);
        services.GetRequiredService<StatusEndpoints>().Map(app);
        services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapApiDescription();
        return app;
    }
}
