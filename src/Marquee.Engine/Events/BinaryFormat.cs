using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Marquee.Engine.Events;

/// <summary>Writes the primitive values of our log and snapshot formats: LEB128 integers, little-endian doubles, length-prefixed UTF-8.</summary>
public ref struct BinaryFormatWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    /// <summary>Writes one byte.</summary>
    public readonly void Byte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    /// <summary>Writes a non-negative integer in 1 to 10 bytes, seven bits each, lowest first.</summary>
    public readonly void Unsigned(ulong value)
    {
        var span = _output.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _output.Advance(length);
    }

    /// <summary>Writes any integer, small magnitudes short (zigzag).</summary>
    public readonly void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes the eight bytes of a double, exactly.</summary>
    public readonly void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    /// <summary>Writes a length and that many bytes.</summary>
    public readonly void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        _output.Write(value);
    }

    /// <summary>Writes sixteen bytes, lowest first.</summary>
    public readonly void Wide(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_output.GetSpan(16), value);
        _output.Advance(16);
    }

    /// <summary>Writes a length in bytes and the text as UTF-8.</summary>
    public readonly void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)length);
        Encoding.UTF8.GetBytes(value, _output.GetSpan(length));
        _output.Advance(length);
    }
}

/// <summary>Reads what <see cref="BinaryFormatWriter"/> wrote.</summary>
/// <remarks>Every method throws <see cref="InvalidDataException"/> when the bytes end too early or cannot be what was written.</remarks>
public ref struct BinaryFormatReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    /// <summary>Whether everything was read.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Reads a non-negative integer.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("An integer of more than ten bytes.");
    }

    /// <summary>Reads a non-negative integer that counts something; at most <paramref name="most"/>.</summary>
    public int Count(int most = int.MaxValue)
    {
        var value = Unsigned();
        return value <= (ulong)most ? (int)value : throw new InvalidDataException($"A count of {value}, more than {most}.");
    }

    /// <summary>Reads any integer.</summary>
    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a double.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Reads sixteen bytes.</summary>
    public UInt128 Wide() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    /// <summary>Reads a length and that many bytes; the span lives as long as the input.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Count(_rest.Length));

    /// <summary>Reads a text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length)
        {
            throw new InvalidDataException($"The data ends {length - _rest.Length} bytes too early.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
