using System.Net;
using Marquee.Storage.Events;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Marquee.Storage.Redis;

/// <summary>Keeps the cluster's membership in Redis, by Orleans' own provider.</summary>
public static class RedisMembership
{
    private const int ConnectMilliseconds = 5_000;
    private const int CommandMilliseconds = 5_000;

    /// <summary>What is wrong with a connection string, in a sentence; null when nothing is.</summary>
    /// <param name="connectionString">In StackExchange.Redis' form.</param>
    public static string? Mistake(string connectionString) =>
        Parse(connectionString) is { EndPoints.Count: > 0 }
            ? null
            : "The connection string for Redis cannot be read. It is of the form `redis.internal:6379,user=marquee,password=…`.";

    /// <summary>Keeps the membership in Redis.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">In StackExchange.Redis' form; must be valid.</param>
    public static ISiloBuilder UseRedisMembership(this ISiloBuilder silo, string connectionString)
    {
        var configuration = Parse(connectionString) ?? throw new ArgumentException(Mistake(connectionString), nameof(connectionString));
        configuration.ConnectTimeout = ConnectMilliseconds;
        configuration.AsyncTimeout = CommandMilliseconds;
        configuration.SyncTimeout = CommandMilliseconds;
        return silo.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = configuration;
            options.CreateMultiplexer = async _ => (await Connect(configuration), IsShared: false);
        });
    }

    /// <exception cref="StoreUnavailableException">Redis cannot be reached, or does not let the node in; says which and not the password.</exception>
    private static async Task<IConnectionMultiplexer> Connect(ConfigurationOptions configuration)
    {
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(configuration);
        }
        catch (RedisConnectionException exception)
        {
            var reason = exception.InnerException is RedisServerException refusal ? refusal.Message.TrimEnd('.') : "nothing answers there";
            throw new StoreUnavailableException($"Redis at {string.Join(", ", configuration.EndPoints.Select(Shown))} cannot be used: {reason}.", exception);
        }
    }

    private static string? Shown(EndPoint endPoint) => endPoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endPoint.ToString();

    private static ConfigurationOptions? Parse(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // The parser's own message may quote a piece of the password.
            return null;
        }
    }
}
