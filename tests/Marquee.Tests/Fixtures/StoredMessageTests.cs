using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Marquee.Tests.Fixtures;

/// <summary>What silos say to each other, and what Orleans' serializer stores, has the bytes of builds before this one: while nodes are upgraded one by one, both are in one cluster.</summary>
/// <remarks>
/// A line of <c>messages.txt</c> is a message's alias, a number and bytes in hexadecimal. A new form gets a new line below the
/// others of its alias: the last one is what is written, and all are read, new fields then having their defaults. A line is
/// exchanged only when a field was renamed, since the example's texts follow its fields' names, and goes when no build that
/// may still run sends it.
/// </remarks>
public sealed class StoredMessageTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly (string Key, byte[] Bytes)[] Stored =
        [.. Encoding.UTF8.GetString(StoredFiles.Read("messages.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')).Select(static parts => ($"{parts[0]} {parts[1]}", Convert.FromHexString(parts[2])))];

    private static readonly (string Key, object Message)[] Examples =
    [
        .. from type in MessageExamples.Types
           where !type.IsEnum
           from number in Enumerable.Range(0, MessageExamples.CountOf(type))
           select (string.Create(CultureInfo.InvariantCulture, $"{MessageExamples.AliasOf(type)} {number}"), MessageExamples.Of(type, number)),
    ];

    [Fact]
    public void Serialize_EveryMessage_WritesTheStoredBytes()
    {
        string[] changed =
        [
            .. Examples
                .Select(example => (example.Key, Bytes: Serializer.SerializeToArray<object>(example.Message)))
                .Where(written => !written.Bytes.AsSpan().SequenceEqual(Stored.LastOrDefault(stored => stored.Key == written.Key).Bytes))
                .Select(written => $"{written.Key} {Convert.ToHexString(written.Bytes)}"),
        ];
        Assert.True(changed.Length == 0, $"Written in a form that no build before knows:\n{string.Join('\n', changed)}");
    }

    [Fact]
    public void Deserialize_EveryStoredMessage_GivesTheValuesThatWereWritten()
    {
        Assert.NotEmpty(Stored);
        for (var i = 0; i < Stored.Length; i++)
        {
            var (key, bytes) = Stored[i];
            var message = Serializer.Deserialize<object>(bytes);
            var expected = Json(Examples.Single(example => example.Key == key).Message);
            var isNewest = !Stored.Skip(i + 1).Any(later => later.Key == key);
            Assert.True(Agrees(expected, Json(message), orDefault: !isNewest), $"{key} is read as\n{Json(message)}\nand was\n{expected}");
        }
    }

    /// <remarks>Packed messages and the log write the numbers.</remarks>
    [Fact]
    public void Enumerations_KeepTheirNumbers()
    {
        var now = string.Concat(MessageExamples.Enumerations.Select(static type =>
            $"{type.Name}: {string.Join(", ", type.GetEnumValues().Cast<object>().Select(static value => $"{value:D} {value}"))}\n"));
        Assert.True(now == Encoding.UTF8.GetString(StoredFiles.Read("enumerations.txt")), $"The numbers are now\n{now}");
    }

    private static JsonNode? Json(object? message) => JsonSerializer.SerializeToNode(message, message?.GetType() ?? typeof(object));

    /// <summary>Whether all that was read is what was expected, or, of a message of before, not there.</summary>
    private static bool Agrees(JsonNode? expected, JsonNode? actual, bool orDefault) => (expected, actual) switch
    {
        (JsonObject all, JsonObject found) => all.Count == found.Count && all.All(field => Agrees(field.Value, found[field.Key], orDefault)),
        (JsonArray all, JsonArray found) when found.Count == all.Count => all.Zip(found).All(pair => Agrees(pair.First, pair.Second, orDefault)),
        _ => JsonNode.DeepEquals(expected, actual) || (orDefault && actual?.ToJsonString() is null or "0" or "false" or "\"\"" or "[]" or "{}"),
    };
}
