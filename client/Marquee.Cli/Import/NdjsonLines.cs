using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Marquee.Cli.Import;

/// <summary>Cuts a stream into lines, without holding more than one of them.</summary>
internal static class NdjsonLines
{
    /// <summary>A longer line is a fault, not a reason to fill the memory.</summary>
    public const int LengthMax = 1 << 20;

    /// <summary>Reads the lines that are not blank. The bytes of a line are valid until the next one is asked for.</summary>
    public static async IAsyncEnumerable<NdjsonLine> ReadAsync(
        Stream stream,
        string file,
        LineFaults faults,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        var (offset, number, tooLong) = (0L, 1, false);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (true)
            {
                var newline = buffer.PositionOf((byte)'\n');
                if (newline is null && !(read.IsCompleted && buffer.Length > 0))
                {
                    break;
                }

                var line = newline is { } end ? buffer.Slice(0, end) : buffer;
                var consumed = line.Length + (newline is null ? 0 : 1);
                if (tooLong || line.Length > LengthMax)
                {
                    faults.Skip(new Place(file, number), $"the line is longer than {LengthMax} bytes");
                    tooLong = false;
                }
                else if (Trim(line, offset == 0) is { Length: > 0 } text)
                {
                    yield return new NdjsonLine(text, offset, (int)consumed, new Place(file, number));
                }

                offset += consumed;
                number++;
                buffer = buffer.Slice(consumed);
            }

            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                yield break;
            }

            if (buffer.Length > LengthMax)
            {
                tooLong = true;
                offset += buffer.Length;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>A line without blanks around it, and without the byte order mark that a file may begin with.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlySequence<byte> line, bool isFirst)
    {
        var bytes = line.IsSingleSegment ? line.First : line.ToArray();
        if (isFirst && bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        return bytes.Trim(" \t\r\n"u8);
    }
}

/// <summary>A line, and where it stands.</summary>
/// <param name="Text">The line without blanks around it.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Length">How many bytes of the file it takes.</param>
/// <param name="Place">File and line number.</param>
internal readonly record struct NdjsonLine(ReadOnlyMemory<byte> Text, long Offset, int Length, Place Place);
