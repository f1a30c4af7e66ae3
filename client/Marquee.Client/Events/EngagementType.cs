using System.Text.Json;
using System.Text.Json.Serialization;

namespace Marquee.Client.Events;

/// <summary>What a viewer did with a title: an open set, so that a client can read types that are newer than itself.</summary>
/// <param name="Name">The name on the wire, for example <c>addToList</c>.</param>
[JsonConverter(typeof(EngagementTypeConverter))]
public readonly record struct EngagementType(string Name)
{
    /// <summary>The title was shown.</summary>
    public static EngagementType Impression { get; } = new("impression");

    /// <summary>The title's page was opened.</summary>
    public static EngagementType Click { get; } = new("click");

    /// <summary>Playback began or went on.</summary>
    public static EngagementType Play { get; } = new("play");

    /// <summary>Playback reached a position.</summary>
    public static EngagementType Progress { get; } = new("progress");

    /// <summary>Watched to the end.</summary>
    public static EngagementType Complete { get; } = new("complete");

    /// <summary>Given up.</summary>
    public static EngagementType Abandon { get; } = new("abandon");

    /// <summary>Thumbs up.</summary>
    public static EngagementType Like { get; } = new("like");

    /// <summary>Thumbs down.</summary>
    public static EngagementType Dislike { get; } = new("dislike");

    /// <summary>A rating of 0.5 to 5 stars.</summary>
    public static EngagementType Rate { get; } = new("rate");

    /// <summary>Put on the viewer's list.</summary>
    public static EngagementType AddToList { get; } = new("addToList");

    /// <summary>Taken off the viewer's list.</summary>
    public static EngagementType RemoveFromList { get; } = new("removeFromList");

    /// <summary>Not interested.</summary>
    public static EngagementType Hide { get; } = new("hide");

    /// <summary>Undoes <see cref="Hide"/>.</summary>
    public static EngagementType Unhide { get; } = new("unhide");

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Reads and writes an <see cref="EngagementType"/> as its name.</summary>
internal sealed class EngagementTypeConverter : JsonConverter<EngagementType>
{
    public override EngagementType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("The type of an event is a string."));

    public override void Write(Utf8JsonWriter writer, EngagementType value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
