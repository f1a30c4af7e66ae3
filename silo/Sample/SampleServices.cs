using Marquee.Gateway.Samples;

namespace Marquee.Silo.Sample;

/// <summary>Adds the embedded sample.</summary>
public static class SampleServices
{
    /// <summary>Adds the sample's loader and its users for newcomers.</summary>
    public static IServiceCollection AddSample(this IServiceCollection services) => services
        .AddSingleton<SampleMark>()
        .AddSingleton<SampleLoader>()
        .AddSingleton<ISampleUsers, SampleUsers>();
}
