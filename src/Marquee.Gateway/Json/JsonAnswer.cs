using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Marquee.Gateway.Json;

/// <summary>An answer as JSON, written straight from the generated serializer in one piece.</summary>
/// <typeparam name="T">A body of <see cref="GatewayJson"/>.</typeparam>
/// <param name="body">What to answer.</param>
/// <param name="type">How it is written.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="contentType">The media type.</param>
/// <remarks>
/// The generated serializer costs a third of the one that walks the type's description, which is all that the framework's own
/// result uses with an encoder of one's own. The length is known before the first byte leaves, so nothing is sent in chunks.
/// </remarks>
internal sealed class JsonAnswer<T>(T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8") : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        Write(response);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(HttpResponse response)
    {
        var memory = JsonMemory.Take();
        type.SerializeHandler!(memory.Writer, body);
        memory.Writer.Flush();
        response.ContentLength = memory.Buffer.WrittenCount;
        response.BodyWriter.Write(memory.Buffer.WrittenSpan);
    }
}

/// <summary>Makes answers.</summary>
internal static class JsonAnswer
{
    /// <summary>An answer that is not a problem.</summary>
    public static IResult Of<T>(T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new JsonAnswer<T>(body, type, status);
}

/// <summary>Working memory of the answers that one thread writes, one after the other.</summary>
internal sealed class JsonMemory
{
    private const int MostKept = 256 << 10;

    [ThreadStatic]
    private static JsonMemory? _ofThread;

    private JsonMemory() => Writer = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = GatewayJson.Encoder, SkipValidation = true });

    public ArrayBufferWriter<byte> Buffer { get; } = new(16 << 10);

    public Utf8JsonWriter Writer { get; }

    /// <summary>Empty memory, until the thread's next call.</summary>
    public static JsonMemory Take()
    {
        var memory = _ofThread;
        if (memory is null || memory.Buffer.Capacity > MostKept)
        {
            _ofThread = memory = new JsonMemory();
        }

        memory.Buffer.ResetWrittenCount();
        memory.Writer.Reset();
        return memory;
    }
}
