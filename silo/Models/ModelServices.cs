using Marquee.Grains.Models;
using Marquee.Grains.Users;

namespace Marquee.Silo.Models;

/// <summary>Adds the comparison of models and their training.</summary>
public static class ModelServices
{
    /// <summary>Compares each model before it is published, and trains a new one in the background when enough has happened.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<HistoryReader>()
        .AddSingleton<IModelJudge, ModelJudge>()
        .AddHostedService<ModelTraining>();
}
