using System.Buffers.Binary;
using System.Text;

namespace Marquee.Contracts;

/// <summary>Writes numbers and texts one behind the other, in the form of <see cref="BinaryWriter"/>, of which a call per byte is too dear here.</summary>
internal sealed class PackedWriter
{
    private const int UsualSize = 4_096;

    /// <summary>A buffer that grew beyond it is let go.</summary>
    private const int LargestKept = 1 << 20;

    private byte[] _buffer = new byte[UsualSize];
    private int _length;

    /// <summary>What was written. The next message begins.</summary>
    public byte[] Take()
    {
        var bytes = _buffer.AsSpan(0, _length).ToArray();
        _length = 0;
        if (_buffer.Length > LargestKept)
        {
            _buffer = new byte[UsualSize];
        }

        return bytes;
    }

    public void Write(byte value)
    {
        Reserve(sizeof(byte))[0] = value;
        _length += sizeof(byte);
    }

    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), value);
        _length += sizeof(ushort);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        _length += sizeof(long);
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes a text in UTF-8 behind its length in bytes.</summary>
    public void Write(string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most < 0x80)
        {
            // The length surely takes one byte: the text goes behind it, and the length before it.
            var room = Reserve(1 + most);
            var length = Encoding.UTF8.GetBytes(value, room[1..]);
            room[0] = (byte)length;
            _length += 1 + length;
        }
        else
        {
            Write7BitEncodedInt(Encoding.UTF8.GetByteCount(value));
            _length += Encoding.UTF8.GetBytes(value, Reserve(most));
        }
    }

    /// <summary>Writes a number in as few bytes as it needs, seven bits in each, the lowest first.</summary>
    public void Write7BitEncodedInt(int value) => WriteVariable((uint)value);

    /// <inheritdoc cref="Write7BitEncodedInt"/>
    public void Write7BitEncodedInt64(long value) => WriteVariable((ulong)value);

    private void WriteVariable(ulong value)
    {
        var room = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        _length += length;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + bytes));
        }

        return _buffer.AsSpan(_length);
    }
}
