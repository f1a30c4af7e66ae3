using System.Net;
using Marquee.Client;

namespace Marquee.Tests.Client;

public sealed class ProblemTests
{
    private readonly FakeNode _node = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refusal_ErrorsByItem_AreRead()
    {
        var problem = await RefuseAsync(HttpStatusCode.BadRequest, """
            {"type":"about:blank","title":"Not valid","status":400,"detail":"Two fields are wrong","errors":[{"index":3,"field":"type","message":"is unknown"},{"field":"value"}]}
            """);

        Assert.Equal((HttpStatusCode.BadRequest, "Not valid", "Two fields are wrong"), (problem.Status, problem.Title, problem.Detail));
        Assert.Equal([new ItemError { Index = 3, Field = "type", Message = "is unknown" }, new ItemError { Field = "value" }], problem.Errors);
        Assert.Contains("type: is unknown", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_ErrorsByField_AreRead()
    {
        var problem = await RefuseAsync(HttpStatusCode.BadRequest, """{"title":"Not valid","errors":{"count":["must be at most 500","must be a number"]}}""");

        Assert.Equal(["count: must be at most 500", "count: must be a number"], problem.Errors.Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("<html>Not here</html>")]
    [InlineData("""{"title":12,"errors":"none"}""")]
    [InlineData("""["odd"]""")]
    [InlineData("")]
    public async Task Refusal_NoProblemDocument_StillTellsTheStatus(string body)
    {
        var problem = await RefuseAsync(HttpStatusCode.Forbidden, body);

        Assert.Equal((HttpStatusCode.Forbidden, "Forbidden"), (problem.Status, problem.Title));
        Assert.Empty(problem.Errors);
    }

    [Theory]
    [InlineData("<html>Welcome to the router</html>")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Success_NotOurApi_SaysSo(string body)
    {
        _node.Answers["/v1/status"] = body;

        var problem = await Assert.ThrowsAsync<MarqueeProblemException>(() => new MarqueeClient(_node.CreateHttpClient()).GetStatusAsync(Cancelled));

        Assert.Equal(HttpStatusCode.OK, problem.Status);
        Assert.Contains("is the address that of a Marquee node?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsNotRetried()
    {
        await RefuseAsync(HttpStatusCode.BadRequest, "{}");

        Assert.Single(_node.Calls);
    }

    private Task<MarqueeProblemException> RefuseAsync(HttpStatusCode status, string body)
    {
        _node.Troubles.Enqueue(Trouble.Status(status, body: body));
        return Assert.ThrowsAsync<MarqueeProblemException>(() => new MarqueeClient(_node.CreateHttpClient()).GetStatusAsync(Cancelled));
    }
}
