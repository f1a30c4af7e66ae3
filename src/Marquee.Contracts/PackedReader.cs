using System.Buffers.Binary;
using System.Text;

namespace Marquee.Contracts;

/// <summary>Reads what <see cref="PackedWriter"/> wrote. Each method throws <see cref="InvalidDataException"/> where that is not what is there.</summary>
/// <param name="bytes">All of it.</param>
internal sealed class PackedReader(ReadOnlyMemory<byte> bytes)
{
    private int _position;

    /// <summary>Bytes not read yet.</summary>
    public int Rest => bytes.Length - _position;

    public byte ReadByte() => Next(sizeof(byte))[0];

    public bool ReadBoolean() => ReadByte() != 0;

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Next(sizeof(ushort)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Next(sizeof(long)));

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    public string ReadString()
    {
        var length = Read7BitEncodedInt();
        return length >= 0 ? Encoding.UTF8.GetString(Next(length)) : throw new InvalidDataException($"A text of {length} bytes.");
    }

    public int Read7BitEncodedInt()
    {
        var value = ReadVariable();
        return value <= uint.MaxValue ? (int)(uint)value : throw new InvalidDataException("A number is larger than its kind.");
    }

    public long Read7BitEncodedInt64() => (long)ReadVariable();

    private ulong ReadVariable()
    {
        var rest = bytes.Span[_position..];
        ulong value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                _position += i + 1;
                return value;
            }
        }

        throw new InvalidDataException("A number has no end.");
    }

    private ReadOnlySpan<byte> Next(int length)
    {
        if (length > Rest)
        {
            throw new InvalidDataException($"{length} bytes are to follow, and {Rest} do.");
        }

        var next = bytes.Span.Slice(_position, length);
        _position += length;
        return next;
    }
}
