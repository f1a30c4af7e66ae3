using System.Collections.Immutable;
using System.Runtime.InteropServices;

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

    [ThreadStatic]
    private static PackedWriter? _writer;

    /// <summary>Packs a message.</summary>
    public static byte[] Pack<T>(T message, Action<PackedWriter, T> write)
    {
        var writer = _writer ?? new PackedWriter();
        _writer = null;
        writer.Write(Form);
        write(writer, message);
        var bytes = writer.Take();
        _writer = writer;
        return bytes;
    }

    /// <summary>Reads what <see cref="Pack"/> made.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static T Unpack<T>(ReadOnlyMemory<byte> bytes, Func<PackedReader, T> read)
    {
        var reader = new PackedReader(bytes);
        var form = reader.ReadByte();
        if (form != Form)
        {
            throw new InvalidDataException($"A message of form {form}; this program reads form {Form}.");
        }

        var message = read(reader);
        return reader.Rest == 0 ? message : throw new InvalidDataException($"{reader.Rest} bytes follow the message.");
    }

    /// <summary>Writes a length and the items.</summary>
    public static void Items<T>(this PackedWriter writer, ImmutableArray<T> items, Action<PackedWriter, T> write)
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

    /// <summary>Reads what <see cref="Items{T}(PackedWriter, ImmutableArray{T}, Action{PackedWriter, T})"/> wrote.</summary>
    public static ImmutableArray<T> Items<T>(this PackedReader reader, Func<PackedReader, T> read)
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
    public static int Number(this PackedReader reader)
    {
        var number = reader.Read7BitEncodedInt();
        return number >= 0 && number <= reader.Rest ? number : throw new InvalidDataException($"{number} items in {reader.Rest} bytes.");
    }

    /// <summary>Writes a text, or that there is none.</summary>
    public static void Optional(this PackedWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    /// <summary>Reads what <see cref="Optional(PackedWriter, string?)"/> wrote.</summary>
    public static string? Optional(this PackedReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
