using System.Net;
using System.Text;
using System.Text.Json;
using Marquee.Cli.Clusters.FrontDoors;
using Marquee.Contracts.Events;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Client.Clusters;

public sealed class ViewerPlacesTests : IDisposable
{
    private const int Partitions = 8;

    private static readonly Uri First = new("http://127.0.0.1:1001");
    private static readonly Uri Second = new("http://127.0.0.1:1002");

    private readonly Network _network = new();
    private readonly ViewerPlaces _places;

    public ViewerPlacesTests() => _places = new ViewerPlaces(_network, new FakeTimeProvider());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _places.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void NodeOf_NobodyHasTold_IsNotKnown() => Assert.Null(_places.NodeOf("ada"));

    [Fact]
    public async Task NodeOf_EveryViewer_IsTheNodeOfItsPartition()
    {
        _network.Silos = new() { [First] = "S1", [Second] = "S2" };
        await _places.LearnAsync([First, Second], round: 0, Cancellation);
        for (var i = 0; i < 100; i++)
        {
            var partition = PartitionHash.Of("cinema", $"viewer-{i}", Partitions);
            Assert.Equal((partition % 2 == 0 ? First : Second).Authority, _places.NodeOf($"viewer-{i}"));
        }
    }

    [Fact]
    public async Task NodeOf_FirstNodeDoesNotAnswer_TheOtherTells_AndItsOwnViewersAreKnown()
    {
        _network.Silos = new() { [Second] = "S2" };
        await _places.LearnAsync([First, Second], round: 0, Cancellation);
        Assert.Equal(Second.Authority, _places.NodeOf(ViewerOf(partition: 1)));
        Assert.Null(_places.NodeOf(ViewerOf(partition: 0)));
    }

    [Fact]
    public async Task NodeOf_ANodeWasStartedAgain_IsLearnedAnew()
    {
        _network.Silos = new() { [First] = "S1", [Second] = "S2" };
        await _places.LearnAsync([First, Second], round: 0, Cancellation);
        _network.Silos = new() { [First] = "S2", [Second] = "S1" };
        await _places.LearnAsync([First, Second], round: 1, Cancellation);
        await _places.LearnAsync([First, Second], round: 2, Cancellation);
        Assert.Equal(Second.Authority, _places.NodeOf(ViewerOf(partition: 0)));
    }

    [Fact]
    public async Task NodeOf_ANodeHasLeft_IsNotNamed()
    {
        _network.Silos = new() { [First] = "S1", [Second] = "S2" };
        await _places.LearnAsync([First, Second], round: 0, Cancellation);
        await _places.LearnAsync([First], round: 1, Cancellation);
        Assert.Null(_places.NodeOf(ViewerOf(partition: 1)));
        Assert.Equal(First.Authority, _places.NodeOf(ViewerOf(partition: 0)));
    }

    private static string ViewerOf(int partition) =>
        Enumerable.Range(0, 1_000).Select(i => $"viewer-{i}").First(viewer => PartitionHash.Of("cinema", viewer, Partitions) == partition);

    /// <summary>Nodes whose silos have names; even partitions run on S1, odd ones on S2.</summary>
    private sealed class Network : HttpMessageHandler
    {
        public Dictionary<Uri, string> Silos { get; set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!Silos.TryGetValue(new Uri(request.RequestUri!.GetLeftPart(UriPartial.Authority)), out var silo))
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError);
            }

            Assert.Equal("/v1/status", request.RequestUri.AbsolutePath);
            var status = new
            {
                node = silo,
                tenant = "cinema",
                partitions = Enumerable.Range(0, Partitions).Select(partition => new { partition, silo = partition % 2 == 0 ? "S1" : "S2" }),
            };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(status), Encoding.UTF8, "application/json") });
        }
    }
}
