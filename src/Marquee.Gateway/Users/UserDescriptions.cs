using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Users;

/// <summary>The user calls as the API's description shows them.</summary>
internal static class UserDescriptions
{
    public static CallDescription History { get; } = new()
    {
        Name = "GetHistory",
        Tag = Tag.Users,
        Summary = "What is held of a user",
        Description = "Newest event time first. A user that nobody knows has an empty history.",
        Id = "user",
        Answers =
        [
            new AnswerDescription(
                200,
                "A page of events.",
                typeof(HistoryBody),
                """{"userId":"3141","events":[{"eventId":"tv-7f3a-2","titleId":"1454468","type":"rate","value":4.5,"occurredAt":"2025-03-01T21:41:00Z"}],"next":"1740865260000.1","position":"21.1.1176","degraded":false}"""),
        ],
        Problems = [ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Erase { get; } = new()
    {
        Name = "EraseUser",
        Tag = Tag.Users,
        Summary = "Erase a user",
        Description = "The erasure is durable and the history empty when this answers. Erasing a user that nobody knows, or one a second time, is harmless.",
        Id = "user",
        Answers = [new AnswerDescription(204, "The user is erased.")],
        Problems = [ProblemKind.Overloaded, ProblemKind.Unavailable, ProblemKind.OutcomeUnknown],
    };
}
