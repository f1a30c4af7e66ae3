using Marquee.Grains.Users;

namespace Marquee.Silo.Models;

/// <summary>Adds the model's store and its training.</summary>
public static class ModelServices
{
    /// <summary>Publishes the stored model at start and trains a new one in the background when enough has happened.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<ModelStore>()
        .AddSingleton<HistoryReader>()
        .AddHostedService<ModelTraining>();
}
