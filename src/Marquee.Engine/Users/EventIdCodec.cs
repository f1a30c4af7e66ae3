using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Marquee.Engine.Events;

namespace Marquee.Engine.Users;

/// <summary>Packs event ids: the two common shapes into 16 bytes, everything else as text.</summary>
internal static class EventIdCodec
{
    /// <summary>Any other text.</summary>
    public const int Text = 0;

    /// <summary>A lower-case GUID with hyphens.</summary>
    public const int Guid = 1;

    /// <summary>An id that the gateway derived from the event's content: <c>d-</c> and 32 lower-case hexadecimal digits.</summary>
    public const int Derived = 2;

    private const string DerivedPrefix = "d-";

    /// <summary>Which shape an id has, and its 16 bytes if it has one.</summary>
    public static int ShapeOf(string eventId, out UInt128 bits)
    {
        bits = default;
        if (eventId.Length == 36 && System.Guid.TryParseExact(eventId, "D", out var guid) && guid.ToString("D") == eventId)
        {
            Span<byte> bytes = stackalloc byte[16];
            guid.TryWriteBytes(bytes, bigEndian: true, out _);
            bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
            return Guid;
        }

        if (eventId.Length == 34
            && eventId.StartsWith(DerivedPrefix, StringComparison.Ordinal)
            && !eventId.AsSpan(2).ContainsAnyExcept(LowerHexadecimal)
            && UInt128.TryParse(eventId.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bits))
        {
            return Derived;
        }

        return Text;
    }

    /// <summary>Writes an id of a shape.</summary>
    public static void Write(ref BinaryFormatWriter writer, int shape, UInt128 bits, string eventId)
    {
        if (shape == Text)
        {
            writer.Text(eventId);
        }
        else
        {
            writer.Wide(bits);
        }
    }

    /// <summary>Reads an id of a shape.</summary>
    /// <param name="reader">Gives the bytes.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="isWanted">Whether the id is wanted; if not, it is read over and empty.</param>
    public static string Read(ref BinaryFormatReader reader, int shape, bool isWanted)
    {
        if (shape == Text)
        {
            var text = reader.Bytes();
            return isWanted ? Encoding.UTF8.GetString(text) : string.Empty;
        }

        var bits = reader.Wide();
        if (!isWanted)
        {
            return string.Empty;
        }

        if (shape == Derived)
        {
            return DerivedPrefix + bits.ToString("x32", CultureInfo.InvariantCulture);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new System.Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>Copies an id of a shape.</summary>
    public static void Copy(ref BinaryFormatReader reader, ref BinaryFormatWriter writer, int shape)
    {
        if (shape == Text)
        {
            writer.Bytes(reader.Bytes());
        }
        else
        {
            writer.Wide(reader.Wide());
        }
    }

    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");
}
