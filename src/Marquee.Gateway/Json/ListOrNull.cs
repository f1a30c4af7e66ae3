using System.Collections.Immutable;

namespace Marquee.Gateway.Json;

/// <summary>Lists for JSON in which an empty one is left out.</summary>
internal static class ListOrNull
{
    public static IReadOnlyList<T>? Of<T>(ImmutableArray<T> items) => items.IsDefaultOrEmpty ? null : items;

    public static IReadOnlyList<TBody>? Of<T, TBody>(ImmutableArray<T> items, Func<T, TBody> describe) =>
        items.IsDefaultOrEmpty ? null : [.. items.Select(describe)];
}
