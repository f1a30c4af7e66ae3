using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Samples;

namespace Marquee.Gateway.Operations;

/// <summary>The operators' calls as the API's description shows them.</summary>
internal static class OperationsDescriptions
{
    public static CallDescription Status { get; } = new()
    {
        Name = "GetStatus",
        Tag = Tag.Operations,
        Summary = "How the node is doing",
        Description = "Silos, partitions with offsets and lag, catalogue version and age, freshness percentiles, rates.",
        Answers =
        [
            new AnswerDescription(
                200,
                "The status.",
                typeof(StatusBody),
                """
                {"node":"S127.0.0.1:11111:150000000","version":"1.0.0","startedAt":"2026-03-01T12:00:00Z","ready":true,"storage":"sqlite","tenant":"default",
                 "silos":[{"address":"S127.0.0.1:11111:150000000","status":"Active","startedAt":"2026-03-01T12:00:00Z"}],
                 "partitions":[{"partition":0,"epoch":1,"offset":2307,"snapshotOffset":2048,"firstOffset":1024,"lag":0,"undeliveredUsers":0,"state":"open","silo":"S127.0.0.1:11111:150000000"}],
                 "catalogue":{"version":12611,"titles":12611,"ageMilliseconds":12.5,"modelVersion":"m1","streamTime":"2025-03-01T21:41:00Z"},
                 "freshness":{"p50Milliseconds":110,"p99Milliseconds":240,"samples":1000},"events":{"accepted":141695,"duplicates":0,"rejected":0,"perSecond":12.5},
                 "recommendations":{"served":10,"perSecond":0.5,"p50Milliseconds":1.5,"p99Milliseconds":4},
                 "process":{"cpuSeconds":12.5,"workingSetBytes":314572800,"allocatedBytes":1073741824}}
                """),
        ],
        Problems = [ProblemKind.Overloaded, ProblemKind.Unavailable],
    };

    public static CallDescription Live { get; } = new()
    {
        Name = "GetLive",
        Tag = Tag.Operations,
        Summary = "Whether the process answers",
        Answers = [new AnswerDescription(200, "It does.", typeof(HealthBody), """{"status":"live"}""")],
    };

    public static CallDescription Ready { get; } = new()
    {
        Name = "GetReady",
        Tag = Tag.Operations,
        Summary = "Whether the node should get traffic",
        Answers = [new AnswerDescription(200, "It should.", typeof(HealthBody), """{"status":"ready"}""")],
        Problems = [ProblemKind.Unavailable],
    };

    public static CallDescription Sample { get; } = new()
    {
        Name = "GetSample",
        Tag = Tag.Operations,
        Summary = "Users of the sample data to try the service as",
        Answers =
        [
            new AnswerDescription(
                200,
                "The users; none when no sample is loaded.",
                typeof(SampleBody),
                """{"users":[{"userId":"5604","events":324,"favouriteGenres":["Drama","Thriller","Mystery"]}]}"""),
        ],
    };
}
