using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Marquee.Gateway.Json;
using Marquee.Gateway.Samples;
using Microsoft.AspNetCore.Http;

namespace Marquee.Tests.Gateway;

public sealed class JsonAnswerTests
{
    public static TheoryData<string> Bodies =>
        [.. typeof(GatewayJson).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name.EndsWith("Body", StringComparison.Ordinal) || property.Name.EndsWith("Acknowledgement", StringComparison.Ordinal)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void EveryBody_HasAGeneratedSerializer(string body)
    {
        var type = (JsonTypeInfo)typeof(GatewayJson).GetProperty(body)!.GetValue(GatewayJson.Default)!;
        Assert.NotNull(type.GetType().GetProperty("SerializeHandler")!.GetValue(type));
    }

    [Fact]
    public async Task Execute_AnswersOfAnyLength_AreWholeAndSayTheirLength()
    {
        foreach (var users in (int[])[0, 3, 20_000, 1])
        {
            var body = new SampleBody([.. Enumerable.Range(0, users).Select(i => new SampleUserBody($"ü<{i}>", i, ["Drama"]))]);
            var context = new DefaultHttpContext();
            using var written = new MemoryStream();
            context.Response.Body = written;

            await JsonAnswer.Of(body, GatewayJson.Default.SampleBody, StatusCodes.Status202Accepted).ExecuteAsync(context);

            Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(body, new JsonSerializerOptions(GatewayJson.Default.Options) { Encoder = GatewayJson.Encoder }), written.ToArray());
            Assert.Equal((written.Length, 202, "application/json; charset=utf-8"), (context.Response.ContentLength, context.Response.StatusCode, context.Response.ContentType));
        }
    }
}
