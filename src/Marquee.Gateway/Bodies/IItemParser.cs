using System.Text.Json;

namespace Marquee.Gateway.Bodies;

/// <summary>Reads one kind of item from JSON.</summary>
internal interface IItemParser<out T>
    where T : class
{
    /// <summary>What the items are called, in the plural.</summary>
    string Noun { get; }

    /// <summary>Reads one item.</summary>
    /// <param name="reader">Stands at the item's first token, an object; left at its last.</param>
    /// <param name="errors">Receives everything that is wrong with the item.</param>
    /// <returns>The item, or null when something is wrong with it.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    T? Parse(ref Utf8JsonReader reader, ItemErrors errors);
}
