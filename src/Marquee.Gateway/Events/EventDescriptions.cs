using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Events;

/// <summary>The event calls as the API's description shows them.</summary>
internal static class EventDescriptions
{
    public static CallDescription Append { get; } = new()
    {
        Name = "AppendEvents",
        Tag = Tag.Events,
        Summary = "Append one event or up to 1,000",
        Description =
            """
            Takes one event, an array of events, or one event per line (`application/x-ndjson`).

            Good events are kept, bad ones are reported by their index and field; only when **all** are bad is the answer 400.
            202 means: every good event is durable, and the same user's next answer reflects it.

            A title that the catalogue does not know appears there as a stub. Once there are too many stubs (100,000 unless the node
            is told otherwise), events of further unknown titles are rejected by their `titleId`.

            An event whose `eventId` its user already has is a duplicate: counted, not written. Ids are remembered for a bounded time and
            number of events; a retry within that window is always recognised.

            429 and 503 tell which items were written (`written`), which were not (`notWritten`), and of which nobody knows (`unknown`).
            Send the whole batch again with the same event ids: nothing is written twice.
            """,
        Body = new BodyDescription(EventSchema.Id, true, new Dictionary<string, string>
        {
            ["one"] = """{ "userId": "3141", "titleId": "1454468", "type": "play" }""",
            ["many"] =
                """
                [
                  { "eventId": "tv-7f3a-1", "userId": "3141", "titleId": "1454468", "type": "complete", "positionSeconds": 5390, "durationSeconds": 5460,
                    "occurredAt": "2025-03-01T21:40:00Z", "sessionId": "evening", "country": "US", "device": "tv" },
                  { "eventId": "tv-7f3a-2", "userId": "3141", "titleId": "1454468", "type": "rate", "value": 4.5 }
                ]
                """,
        }),
        Answers =
        [
            new AnswerDescription(
                202,
                "Every good event is durable.",
                typeof(EventAcknowledgement),
                """{"accepted":1,"duplicates":0,"rejected":1,"errors":[{"index":1,"field":"value","message":"must be a number of stars from 0.5 to 5 for the type rate"}],"position":"21.1.1176"}"""),
        ],
        Problems =
        [
            ProblemKind.MalformedJson, ProblemKind.TooManyItems, ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType,
            ProblemKind.Overloaded, ProblemKind.Unavailable, ProblemKind.OutcomeUnknown,
        ],
    };
}
