using Marquee.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Marquee.Gateway.Models;

/// <summary>Reads a model file from a request.</summary>
internal static class ModelUpload
{
    private const string MediaType = "application/octet-stream";
    private const int FirstBytes = 1 << 20;

    /// <summary>The whole file; the problem is null when it was read.</summary>
    /// <exception cref="BadHttpRequestException">The server refuses the body; it knows the status.</exception>
    public static async Task<(byte[] Bytes, Problem? Problem)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return ([], Problem.UnsupportedMediaType($"Send the model file with the header 'Content-Type: {MediaType}'."));
        }

        if (request.ContentLength > GatewayLimits.ModelBytes)
        {
            return ([], Problem.ModelTooLarge());
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = GatewayLimits.ModelBytes;
        }

        using var received = new MemoryStream(FirstBytes);
        var buffer = new byte[64 << 10];
        for (var read = 0; (read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (received.Length + read > GatewayLimits.ModelBytes)
            {
                return ([], Problem.ModelTooLarge());
            }

            received.Write(buffer, 0, read);
        }

        return (received.ToArray(), null);
    }
}
