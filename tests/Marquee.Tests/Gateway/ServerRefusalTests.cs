using System.Net;
using System.Net.Sockets;
using System.Text;
using Marquee.Gateway;

namespace Marquee.Tests.Gateway;

/// <summary>What is refused, seen through the real server: a problem wherever the request could be read at all.</summary>
public sealed class ServerRefusalTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartOnKestrelAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/v1/users/{0}/history", "userId")]
    [InlineData("/v1/titles/{0}", "titleId")]
    public async Task Get_IdOfTenThousandCharacters_IsNamed(string path, string field)
    {
        foreach (var character in (string[])["x", "%C3%BC"])
        {
            var answer = await _host.GetAsync(string.Format(null, path, string.Concat(Enumerable.Repeat(character, 10_000))));

            Assert.Equal((400, "invalid-request"), (answer.Status, answer.ProblemType));
            Assert.Equal([field], answer.Fields);
        }
    }

    [Theory]
    [InlineData("/v1/events", true)]
    [InlineData("/v1/events", false)]
    [InlineData("/v1/titles", true)]
    [InlineData("/v1/titles", false)]
    public async Task Post_TenMegabytes_IsTooLarge(string path, bool knowsItsLength)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(new byte[10 << 20]);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = !knowsItsLength;
        using var response = await _host.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("body-too-large", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events", 100)]
    [InlineData("/v1/events", 1_000_000)]
    [InlineData("/v1/titles", 100)]
    [InlineData("/v1/titles", 1_000_000)]
    public async Task Post_DeepNesting_IsNotJson(string path, int depth)
    {
        foreach (var (open, close) in ((string, string)[])[("[", "]"), ("{\"a\":", "}")])
        {
            var answer = await _host.PostAsync(path, string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)));

            Assert.Equal((400, "malformed-json"), (answer.Status, answer.ProblemType));
        }
    }

    [Fact]
    public async Task Post_BodyThatBreaksItsEncoding_IsAProblem()
    {
        var answer = await SendRawAsync("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /v1/status HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/users/a%00b/history HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /{70000} HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: x\r\nX: {40000}\r\n\r\n", 431)]
    public async Task Send_WhatTheServerCannotRead_IsRefusedWithoutABody(string request, int status)
    {
        var answer = await SendRawAsync(request.Replace("{70000}", new string('x', 70_000), StringComparison.Ordinal).Replace("{40000}", new string('x', 40_000), StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.GetAsync("/health/live", Cancelled)).StatusCode);
    }

    /// <remarks>Each says that eight megabytes will follow, and sends none of them; the server asks for them once it has made room.</remarks>
    [Fact]
    public async Task Post_WhileManyAnnounceBodiesThatDoNotCome_IsTaken()
    {
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var connection = new TcpClient();
                silent.Add(connection);
                await connection.ConnectAsync(IPAddress.Loopback, _host.Client.BaseAddress!.Port, Cancelled);
                var head = $"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {GatewayLimits.BodyBytes}\r\nExpect: 100-continue\r\n\r\n";
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancelled);
                using var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
                Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Cancelled));
            }

            Assert.Equal(202, (await _host.PostAsync("/v1/events", """{"userId":"u1","titleId":"t1","type":"play"}""")).Status);
        }
        finally
        {
            silent.ForEach(connection => connection.Dispose());
        }
    }

    [Fact]
    public async Task Post_BodyThatNeverEnds_IsGivenUp()
    {
        var answer = await SendRawAsync($"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {GatewayLimits.BodyBytes}\r\n\r\n[");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, _host.Client.BaseAddress!.Port, Cancelled);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, Cancelled)) > 0;)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // The server may close while bytes are still on their way to it; what it said first is what counts.
        }

        return answer.ToString();
    }
}
