using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Marquee.Contracts;

/// <summary>Writes a whole message into one run of bytes, and reads it again.</summary>
/// <remarks>
/// Between silos a record of small numbers and short texts costs several times its bytes: a header, a call and a look-up for
/// each field of each. Messages of hundreds of records go packed instead. Within a process nothing is packed: the message
/// itself is handed over. Who sends must know that the receiver reads them, since an older build does not.
/// </remarks>
internal static class Packing
{
    private const byte Form = 1;

    /// <summary>A writer whose buffer grew beyond it is let go.</summary>
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static BinaryWriter? _writer;

    /// <summary>Packs a message.</summary>
    public static ReadOnlyMemory<byte> Pack<T>(T message, Action<BinaryWriter, T> write)
    {
        var writer = _writer ?? new BinaryWriter(new MemoryStream(4_096), Encoding.UTF8);
        _writer = null;
        writer.Write(Form);
        write(writer, message);
        var stream = (MemoryStream)writer.BaseStream;
        var bytes = stream.ToArray();
        if (stream.Capacity <= LargestKept)
        {
            stream.SetLength(0);
            _writer = writer;
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="Pack"/> made.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static T Unpack<T>(ReadOnlyMemory<byte> bytes, Func<BinaryReader, T> read)
    {
        var array = MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new ArraySegment<byte>(bytes.ToArray());
        using var stream = new MemoryStream(array.Array ?? [], array.Offset, array.Count, writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        try
        {
            var form = reader.ReadByte();
            if (form != Form)
            {
                throw new InvalidDataException($"A message of form {form}; this program reads form {Form}.");
            }

            var message = read(reader);
            return stream.Position == stream.Length ? message : throw new InvalidDataException($"{stream.Length - stream.Position} bytes follow the message.");
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The message ends too early, or is none.", exception);
        }
    }

    /// <summary>Writes a length and the items.</summary>
    public static void Items<T>(this BinaryWriter writer, ImmutableArray<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.IsDefault ? 0 : items.Length);
        if (!items.IsDefault)
        {
            foreach (var item in items)
            {
                write(writer, item);
            }
        }
    }

    /// <summary>Reads what <see cref="Items{T}(BinaryWriter, ImmutableArray{T}, Action{BinaryWriter, T})"/> wrote.</summary>
    public static ImmutableArray<T> Items<T>(this BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.Number();
        if (count == 0)
        {
            return [];
        }

        var items = new T[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <summary>Reads a number of things that follow, each of which has at least a byte.</summary>
    public static int Number(this BinaryReader reader)
    {
        var number = reader.Read7BitEncodedInt();
        var rest = reader.BaseStream.Length - reader.BaseStream.Position;
        return number >= 0 && number <= rest ? number : throw new InvalidDataException($"{number} items in {rest} bytes.");
    }

    /// <summary>Writes a text, or that there is none.</summary>
    public static void Optional(this BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    /// <summary>Reads what <see cref="Optional(BinaryWriter, string?)"/> wrote.</summary>
    public static string? Optional(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
