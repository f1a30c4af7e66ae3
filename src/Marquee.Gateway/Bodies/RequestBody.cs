using System.Buffers;
using Marquee.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Marquee.Gateway.Bodies;

/// <summary>A request's whole body in a pooled buffer, bounded; give it back by disposing it.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 16 << 10;

    /// <summary>Room is made for what comes, not for what is announced: else a few requests that send nothing would keep all others out.</summary>
    private const int AnnouncedBytesMost = 64 << 10;

    private readonly AdmissionControl _admission;
    private byte[] _buffer = [];
    private int _length;

    private RequestBody(AdmissionControl admission) => _admission = admission;

    /// <summary>The body; valid until disposed.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Whether each line is a JSON text of its own (<c>application/x-ndjson</c>).</summary>
    public bool IsLines { get; private init; }

    /// <summary>Set when the body cannot be taken.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Reads a JSON body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="admission">Lends the bytes.</param>
    /// <param name="allowLines">Whether NDJSON is possible here.</param>
    /// <exception cref="BadHttpRequestException">The server refuses the body; it knows the status.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, AdmissionControl admission, bool allowLines)
    {
        var request = context.Request;
        if (UnsupportedMediaType(request, allowLines, out var isLines) is { } unsupported)
        {
            return new RequestBody(admission) { Problem = unsupported };
        }

        var body = new RequestBody(admission) { IsLines = isLines };
        try
        {
            await body.FillAsync(request, context.RequestAborted);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _admission.ReturnBytes(buffer.Length);
        }
    }

    private async ValueTask FillAsync(HttpRequest request, CancellationToken aborted)
    {
        if (request.ContentLength > GatewayLimits.BodyBytes)
        {
            Problem = Problem.BodyTooLarge();
            return;
        }

        if (!TryGrow((int)Math.Min(request.ContentLength ?? FirstBytes, AnnouncedBytesMost)))
        {
            return;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(aborted);
            var total = _length + read.Buffer.Length;
            if (total > GatewayLimits.BodyBytes)
            {
                Problem = Problem.BodyTooLarge();
            }
            else if (total <= _buffer.Length || TryGrow((int)total))
            {
                read.Buffer.CopyTo(_buffer.AsSpan(_length));
                _length = (int)total;
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || Problem is not null)
            {
                return;
            }
        }
    }

    private bool TryGrow(int bytes)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(_buffer.Length * 2, GatewayLimits.BodyBytes)));
        if (!_admission.TryLendBytes(grown.Length))
        {
            ArrayPool<byte>.Shared.Return(grown);
            Problem = Problem.Overloaded("Too many bytes are being received at once; nothing was written. Retry after a moment.");
            return false;
        }

        var kept = _length;
        Bytes.CopyTo(grown);
        Dispose();
        _buffer = grown;
        _length = kept;
        return true;
    }

    private static Problem? UnsupportedMediaType(HttpRequest request, bool allowLines, out bool isLines)
    {
        isLines = false;
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            return Problem.UnsupportedMediaType("Send the body without a Content-Encoding.");
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && IsUtf8(type))
        {
            isLines = allowLines && type.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase);
            if (isLines || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        var lines = allowLines ? ", or application/x-ndjson for one object per line" : "";
        return Problem.UnsupportedMediaType($"Send the header 'Content-Type: application/json'{lines}, in UTF-8.");
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
