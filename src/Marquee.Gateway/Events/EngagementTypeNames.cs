using System.Collections.Immutable;
using Marquee.Contracts.Events;

namespace Marquee.Gateway.Events;

/// <summary>The words of the event vocabulary.</summary>
internal static class EngagementTypeNames
{
    /// <summary>Completes "the type …".</summary>
    public static readonly string Rule;

    // Index = the type's number.
    private static readonly string[] Names = new string[(int)Enum.GetValues<EngagementType>().Max() + 1];

    static EngagementTypeNames()
    {
        foreach (var type in Enum.GetValues<EngagementType>())
        {
            var name = type.ToString();
            Names[(int)type] = char.ToLowerInvariant(name[0]) + name[1..];
        }

        All = [.. Names.Where(name => name is not null)];
        Rule = "must be one of " + string.Join(", ", All);
    }

    /// <summary>All words, in the order of their numbers.</summary>
    public static ImmutableArray<string> All { get; }

    /// <summary>The word for a type.</summary>
    public static string Of(EngagementType type) => (int)type < Names.Length && Names[(int)type] is { } name ? name : "unknown";

    /// <summary>The type that a word names, or null.</summary>
    public static EngagementType? Parse(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 when word.SequenceEqual("play"u8) => EngagementType.Play,
        4 when word.SequenceEqual("like"u8) => EngagementType.Like,
        4 when word.SequenceEqual("rate"u8) => EngagementType.Rate,
        4 when word.SequenceEqual("hide"u8) => EngagementType.Hide,
        5 when word.SequenceEqual("click"u8) => EngagementType.Click,
        6 when word.SequenceEqual("unhide"u8) => EngagementType.Unhide,
        7 when word.SequenceEqual("abandon"u8) => EngagementType.Abandon,
        7 when word.SequenceEqual("dislike"u8) => EngagementType.Dislike,
        8 when word.SequenceEqual("progress"u8) => EngagementType.Progress,
        8 when word.SequenceEqual("complete"u8) => EngagementType.Complete,
        9 when word.SequenceEqual("addToList"u8) => EngagementType.AddToList,
        10 when word.SequenceEqual("impression"u8) => EngagementType.Impression,
        14 when word.SequenceEqual("removeFromList"u8) => EngagementType.RemoveFromList,
        _ => null,
    };
}
