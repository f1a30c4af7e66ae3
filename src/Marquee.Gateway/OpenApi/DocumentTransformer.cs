using Marquee.Gateway.Events;
using Marquee.Gateway.Titles;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Marquee.Gateway.OpenApi;

/// <summary>Writes what holds for the whole API.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Marquee",
            Version = "v1",
            Description =
                """
                Real-time recommendations for streaming video: events in, live recommendations out.

                - **Ids** are 1 to 128 of the characters `A-Z a-z 0-9 . _ ~ -`, except `.` and `..`.
                - **Errors** are problem details (RFC 9457). `type` names the kind, `errors` names every field that is wrong. Only what cannot be read as a request at all (no valid request line or header, a request line over 64 KiB, headers over 32 KiB) is refused without a body: 400, 414, 431.
                - **Unknown** fields and query parameters are errors that name them; an empty query parameter counts as absent.
                - **Read your writes**: an acknowledged event is in the same user's next answer. `position` of an acknowledgement, passed as `after`, demands it explicitly.
                - **Retry** after 429 and 503 with the same event ids, after the time in `Retry-After`: nothing is counted twice.
                """,
        };
        document.AddComponent(EventSchema.Id, EventSchema.Create());
        document.AddComponent(TitleSchema.Id, TitleSchema.Create());
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = Tag.Events, Description = "What viewers do." },
            new() { Name = Tag.Recommendations, Description = "What to show them." },
            new() { Name = Tag.Users, Description = "What is held of them." },
            new() { Name = Tag.Titles, Description = "What there is to show." },
            new() { Name = Tag.Operations, Description = "How the node is doing." },
        };
        return Task.CompletedTask;
    }
}
