using System.IO.Hashing;
using Marquee.Contracts.Models;
using Marquee.Engine.Models;

namespace Marquee.Grains.Models;

/// <summary>From a model to what is known of its version.</summary>
internal static class ModelVersions
{
    private const int LongestName = 128;

    /// <summary>Whether a version can be named in addresses and answers.</summary>
    public static bool IsName(string version) =>
        version.Length is > 0 and <= LongestName && version.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '~' or '-') && version is not ("." or "..");

    /// <summary>Describes a model.</summary>
    public static ModelVersion Describe(PublishedModel model, ReadOnlySpan<byte> bytes, string storeKey, ModelOrigin origin, string replaced, DateTimeOffset now) => new()
    {
        Version = model.Version,
        Origin = origin,
        TrainedAt = model.TrainedAt,
        TrainedUntil = model.TrainedUntil,
        Events = model.TrainedEvents,
        PublishedAt = now.ToUnixTimeMilliseconds(),
        Bytes = bytes.Length,
        Titles = model.Embeddings?.TitleIds.Length ?? 0,
        Replaced = replaced,
        StoreKey = storeKey,
        Hash = XxHash3.HashToUInt64(bytes),
    };
}
