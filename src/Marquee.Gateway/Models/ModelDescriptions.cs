using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Models;

/// <summary>The model calls as the API's description shows them.</summary>
internal static class ModelDescriptions
{
    private const string VersionExample =
        """
        {"version":"1383688800000","current":true,"origin":"upload","trainedAt":"2026-03-01T12:00:00Z","trainedUntil":"2013-11-05T22:00:00Z","events":141300,
         "publishedAt":"2026-03-01T12:05:00Z","bytes":6291456,"titles":8012,"replaced":"untrained","forced":false,
         "trial":{"lists":312,"recall10":0.25,"ndcg10":0.15,"replaced":"untrained","replacedRecall10":0.2,"replacedNdcg10":0.11,"standardError":0.01,"hasSeenPeriod":false}}
        """;

    private const string ChangeExample = $$"""{"current":"1383688800000","version":{{VersionExample}}}""";

    public static CallDescription List { get; } = new()
    {
        Name = "ListModels",
        Tag = Tag.Operations,
        Summary = "Versions of the ranking model",
        Description = "The last few versions, newest first, each with how it did against the one that it replaced.",
        Answers = [new AnswerDescription(200, "The versions.", typeof(ModelListBody), $$"""{"current":"1383688800000","versions":[{{VersionExample}}]}""")],
        Problems = [ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Publish { get; } = new()
    {
        Name = "PublishModel",
        Tag = Tag.Operations,
        Summary = "Publish a model",
        Description =
            """
            Takes a model file as `marquee train` writes it. Before it ranks it is compared with the current model on the last day of the node's own stream,
            each list ranked with what was known before it; one that is worse by more than the standard error of the difference is refused unless `force=true`.
            Every node ranks with it without a restart. Publishing the current model again is harmless.
            """,
        BinaryBody = $"A model file of at most {GatewayLimits.ModelBytes} bytes.",
        Answers = [new AnswerDescription(200, "It ranks.", typeof(ModelChangeBody), ChangeExample)],
        Problems =
        [
            ProblemKind.WorseModel, ProblemKind.ModelConflict, ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.Overloaded,
            ProblemKind.Unavailable, ProblemKind.OutcomeUnknown,
        ],
    };

    public static CallDescription RollBack { get; } = new()
    {
        Name = "RollBackModel",
        Tag = Tag.Operations,
        Summary = "Rank with an earlier model again",
        Description = "Goes back to the version that ranked before the current one, or to any kept one, or to `untrained`, the one that comes with the program.",
        Answers = [new AnswerDescription(200, "It ranks.", typeof(ModelChangeBody), ChangeExample)],
        Problems = [ProblemKind.NotFound, ProblemKind.Unavailable, ProblemKind.OutcomeUnknown],
    };
}
