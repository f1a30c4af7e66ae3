using Marquee.Gateway.Catalogue;
using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Recommendations;

/// <summary>The recommendation calls as the API's description shows them.</summary>
internal static class RecommendationDescriptions
{
    private const string Item = """{"titleId":"1535109","rank":1,"score":4.83,"reason":"Because you watched Gravity","becauseTitleId":"1454468","origin":"ranked"}""";

    public static CallDescription Recommend { get; } = new()
    {
        Name = "Recommend",
        Tag = Tag.Recommendations,
        Problems = [ProblemKind.Overloaded],
        Summary = "Recommend titles for one surface",
        Description =
            """
            Reflects every event of the user that was acknowledged before. A watched, hidden or disliked title is gone from the next answer.
            A user that nobody knows gets popular titles.
            A few of the `top-picks` are titles that hardly anyone has judged yet: `origin` is `explore`, and `propensity` the chance with which the
            title was drawn. They stay the same until the user's next event; the node's option `ExploreShare` says how many there are, 0 for none,
            and `explore=false` asks for none in one answer.

            There is always an answer. When it is older or plainer than asked for, it says `degraded: true`: `personal` from what is known when
            the log cannot be asked in time, or does not reach `after`; `cached`, this node's last answer to the user, when the user's state
            cannot be had in time; `popular` titles otherwise.
            Send `recommendationId` back with the events that the answer leads to.
            """,
        Id = "user",
        Answers =
        [
            new AnswerDescription(
                200,
                "The titles, best first.",
                typeof(SlateBody),
                $$"""{"recommendationId":"top-picks~m1~01a2","surface":"top-picks","modelVersion":"m1","position":"21.1.1176","source":"personal","degraded":false,"items":[{{Item}}]}"""),
        ],
    };

    public static CallDescription Home { get; } = new()
    {
        Name = "GetHome",
        Tag = Tag.Recommendations,
        Problems = [ProblemKind.Overloaded],
        Summary = "The whole home page",
        Description = "Ordered rows, no title twice across rows. Never an error: when the user's state cannot be had in time, this node's last page for the user, at worst one row of popular titles, and `degraded: true`.",
        Id = "user",
        Answers =
        [
            new AnswerDescription(
                200,
                "The page.",
                typeof(HomeBody),
                $$"""
                {"userId":"3141","position":"21.1.1176","degraded":false,"rows":[{"rowId":"top-picks","name":"Top picks","surface":"top-picks",
                 "recommendationId":"top-picks~m1~01a2","modelVersion":"m1","source":"personal","items":[{{Item}}]}]}
                """),
        ],
    };

    public static CallDescription Trending { get; } = new()
    {
        Name = "GetTrending",
        Tag = Tag.Recommendations,
        Problems = [ProblemKind.Overloaded],
        Summary = "What is most watched now",
        Answers =
        [
            new AnswerDescription(
                200,
                "The titles, best first.",
                typeof(TrendingBody),
                """{"degraded":false,"items":[{"titleId":"1981115","rank":1,"score":8.05,"reason":"Popular right now","origin":"ranked"}]}"""),
        ],
    };
}
