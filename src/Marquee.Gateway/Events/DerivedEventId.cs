using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Marquee.Contracts.Events;

namespace Marquee.Gateway.Events;

/// <summary>Gives an event without an id one that is made of its content, so that an exact retry is a duplicate.</summary>
/// <remarks>
/// <c>d-</c> and the 32 hexadecimal digits of the XxHash128 over all fields as sent, in canonical form (a number is its
/// value, not its spelling). An absent <c>occurredAt</c> counts as absent, not as the moment of arrival: two equal events
/// without id and time are one event within the duplicate window. The layout never changes: old events must be met again.
/// </remarks>
internal static class DerivedEventId
{
    // Five texts of up to 128 UTF-16 code units, three bytes each at most, with lengths; a country; four numbers; the type.
    private const int ContentBytes = (5 * (2 + (3 * GatewayLimits.LabelLength))) + (2 + 6) + (4 * 9) + 1;

    /// <summary>The id of an event.</summary>
    /// <param name="message">The event; its id does not matter.</param>
    /// <param name="occurredAt">The event time as sent, or null.</param>
    public static string Of(EngagementMessage message, long? occurredAt)
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        var length = 0;
        content[length++] = (byte)message.Type;
        AppendText(content, ref length, message.UserId);
        AppendText(content, ref length, message.TitleId);
        AppendNumber(content, ref length, message.Value);
        AppendNumber(content, ref length, message.PositionSeconds);
        AppendNumber(content, ref length, message.DurationSeconds);
        AppendInstant(content, ref length, occurredAt);
        AppendText(content, ref length, message.SessionId);
        AppendText(content, ref length, message.RecommendationId);
        AppendText(content, ref length, message.Country);
        AppendText(content, ref length, message.Device);

        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(content[..length], hash);
        Span<char> id = stackalloc char[34];
        "d-".CopyTo(id);
        Convert.TryToHexStringLower(hash, id[2..], out _);
        return new string(id);
    }

    private static void AppendText(Span<byte> content, ref int length, string? text)
    {
        // Absent is told from empty, which no field can be, by the length 0xFFFF.
        var written = text is null ? ushort.MaxValue : (ushort)Encoding.UTF8.GetBytes(text, content[(length + 2)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(content[length..], written);
        length += 2 + (text is null ? 0 : written);
    }

    private static void AppendNumber(Span<byte> content, ref int length, double? number) =>
        // Adding zero turns −0 into 0: they are the same number.
        AppendInstant(content, ref length, number is { } value ? BitConverter.DoubleToInt64Bits(value + 0.0) : null);

    private static void AppendInstant(Span<byte> content, ref int length, long? number)
    {
        content[length++] = number is null ? (byte)0 : (byte)1;
        if (number is { } value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(content[length..], value);
            length += 8;
        }
    }
}
