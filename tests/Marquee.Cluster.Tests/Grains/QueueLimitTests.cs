using System.Net;
using System.Net.Http.Json;
using Marquee.Contracts.Events;
using Marquee.Contracts.Users;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>A grain that does not get on takes so many calls and no more: who calls then is told so at once, and nobody who waits is dropped.</summary>
public sealed class QueueLimitTests
{
    /// <summary>A call that comes when more than these are at the grain is refused.</summary>
    private const int Limit = 3;
    private const int Taken = Limit + 1;
    private const int Calls = 10;

    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetHistory_MoreCallsThanTheViewersGrainTakes_AreAnsweredWith429()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        using var held = node.Calls.Hold<IEventPartitionGrain>(nameof(IEventPartitionGrain.ReadUserTail));

        await AssertLimited(held, () => node.Http.GetAsync("v1/users/ada/history", Cancellation), HttpStatusCode.OK);
    }

    [Fact]
    public async Task PostEvent_MoreCallsThanThePartitionTakes_AreAnsweredWith429()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        using var held = node.Calls.Hold<IUserGrain>(nameof(IUserGrain.Apply));

        await AssertLimited(held, () => node.Http.PostAsJsonAsync("v1/events", new { userId = "ada", titleId = "t1", type = "play" }, Cancellation), HttpStatusCode.Accepted);
    }

    private static Task<TestCluster> StartAsync() => TestCluster.StartAsync(
        1,
        gateway => (gateway.ReadTimeout, gateway.WriteRetryBudget) = (Forever, Forever),
        grains => (grains.MostWaitingCalls, grains.CatchUpBudget, grains.DeliveryBudget) = (Limit, Forever, Forever));

    private static async Task AssertLimited(Gate held, Func<Task<HttpResponseMessage>> call, HttpStatusCode taken)
    {
        var calls = Enumerable.Range(0, Calls).Select(_ => call()).ToList();
        for (var refused = 0; refused < Calls - Taken; refused++)
        {
            var answered = await Task.WhenAny(calls).WaitAsync(Forever, Cancellation);
            calls.Remove(answered);
            using var answer = await answered;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains("overloaded", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        // A call of the cluster's own may have had a place at the grain: then one more of these is refused, and none is dropped.
        held.Dispose();
        var statuses = new List<HttpStatusCode>();
        foreach (var answer in await Task.WhenAll(calls).WaitAsync(Forever, Cancellation))
        {
            statuses.Add(answer.StatusCode);
            answer.Dispose();
        }

        Assert.All(statuses, status => Assert.True(status == taken || status == HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.InRange(statuses.Count(status => status == taken), Taken - 1, Taken);
    }
}
