using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Marquee.Client.Http;

/// <summary>A batch as newline-delimited JSON, written once and sent as often as it takes.</summary>
internal static class NdjsonBody
{
    public const string MediaType = "application/x-ndjson";

    public static ReadOnlyMemory<byte> Write<T>(IReadOnlyList<T> items, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * Math.Max(1, items.Count));
        using var writer = new Utf8JsonWriter(buffer);
        foreach (var item in items)
        {
            JsonSerializer.Serialize(writer, item, type);
            writer.Flush();
            writer.Reset();
            buffer.Write("\n"u8);
        }

        return buffer.WrittenMemory;
    }
}
