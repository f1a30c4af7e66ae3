using System.Text.Json.Serialization;
using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Catalogue;
using Marquee.Gateway.Events;
using Marquee.Gateway.Grains;
using Marquee.Gateway.Json;
using Marquee.Gateway.Models;
using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Recommendations;
using Marquee.Gateway.Samples;
using Marquee.Gateway.Titles;
using Marquee.Gateway.Users;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway;

/// <summary>Registers the HTTP gateway.</summary>
public static class GatewayServices
{
    // An id of 10,000 characters, percent-encoded, still gets an answer that names the field.
    private const int RequestLineBytes = 64 << 10;

    /// <summary>A body that comes more slowly, after the first seconds, is refused with 408: while it comes it takes room from others.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 32 << 10, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Adds what <see cref="GatewayEndpoints.MapMarquee"/> needs. An <see cref="IGrainFactory"/> must be registered beside it.</summary>
    /// <remarks>Register <see cref="IReadiness"/> and <see cref="ISampleUsers"/> to replace the plain ones.</remarks>
    public static IServiceCollection AddMarqueeGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        services.AddOptions<GatewayOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
            kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        });
        services.ConfigureHttpJsonOptions(json =>
        {
            // What the API's description is made from: numbers are numbers, never texts.
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReadiness, AlwaysReady>();
        services.TryAddSingleton<ISampleUsers, NoSampleUsers>();
        services.AddMetrics();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<GrainReads>();
        services.AddSingleton<WriteRetries>();
        services.TryAddSingleton(typeof(GrainReferences<>));
        services.AddSingleton<EventDispatch>();
        services.AddSingleton<TitleWrites>();
        services.AddSingleton<PopularTitles>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<IKeptAnswers>(provider => provider.GetRequiredService<KeptAnswers>());
        services.TryAddSingleton<IPeerAnswers, NoPeerAnswers>();
        services.TryAddSingleton<IPartitionSilos, OnlyThisSilo>();
        services.AddSingleton<ViewerReads>();
        services.AddSingleton<EventEndpoints>();
        services.AddSingleton<TitleEndpoints>();
        services.AddSingleton<TitleStatisticsEndpoints>();
        services.AddSingleton<SimilarEndpoints>();
        services.AddSingleton<TrendingEndpoints>();
        services.AddSingleton<RecommendationEndpoints>();
        services.AddSingleton<HomeEndpoints>();
        services.AddSingleton<UserEndpoints>();
        services.AddSingleton<SampleEndpoints>();
        services.AddSingleton<ModelEndpoints>();
        services.AddSingleton<StatusEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddMarqueeMetricsExport();
        services.AddApiDescription();
        return services;
    }
}
