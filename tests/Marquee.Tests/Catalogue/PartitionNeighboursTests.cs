using System.Collections.Immutable;
using System.Net;
using Marquee.Contracts.Titles;
using Marquee.Grains;
using Marquee.Grains.Catalogue;
using Marquee.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Marquee.Tests.Catalogue;

/// <summary>The partitions of another silo are asked together.</summary>
public sealed class PartitionNeighboursTests
{
    private const string Tenant = "default";
    private const int Partitions = 4;

    private readonly FakeGrainFactory _grains = new();
    private readonly Others _others = new();
    private readonly PartitionNeighbours _neighbours;

    public PartitionNeighboursTests()
    {
        _grains.Partitions.Changed = partition => Told($"here {partition}");
        _neighbours = new PartitionNeighbours(
            _grains, Options.Create(new MarqueeOptions { PartitionCount = Partitions }), NullLogger<PartitionNeighbours>.Instance, _others);
    }

    [Fact]
    public async Task TakeChanged_PartitionsOfAnotherSilo_AreAskedInOneCall()
    {
        var answers = await _neighbours.TakeChanged(Tenant, [null, 5, null, 7], most: 9);

        Assert.Equal(["here 0", "here 1", "there 2", "there 3"], answers.Select(answer => Assert.Single(answer!.TitleIds)));
        Assert.Equal([new ChangedNeighboursQuestion(2, null), new ChangedNeighboursQuestion(3, 7)], Assert.Single(_others.Questions));
    }

    [Fact]
    public async Task TakeChanged_TheSiloDoesNotAnswer_ItsPartitionsAreUnanswered()
    {
        _others.Fails = true;
        Assert.Equal([true, true, false, false], (await _neighbours.TakeChanged(Tenant, new long?[Partitions], most: 9)).Select(answer => answer is not null));

        _others.Fails = false;
        Assert.All(await _neighbours.TakeChanged(Tenant, new long?[Partitions], most: 9), Assert.NotNull);
    }

    [Fact]
    public async Task TakeChanged_APartitionHereDoesNotAnswer_TheOthersDo()
    {
        _grains.Partitions.Changed = partition => partition == 1 ? throw new TimeoutException() : Told($"here {partition}");
        Assert.Equal([true, false, true, true], (await _neighbours.TakeChanged(Tenant, new long?[Partitions], most: 9)).Select(answer => answer is not null));
    }

    /// <remarks>A sum without its part would be wrong: the round fails, and the next one asks again.</remarks>
    [Fact]
    public async Task Read_TheSiloDoesNotAnswer_Fails()
    {
        Assert.Equal(2, (await _neighbours.Read(Tenant, ["a"])).Count(share => share.TitleIds is ["there"]));

        _others.Fails = true;
        await Assert.ThrowsAsync<TimeoutException>(() => _neighbours.Read(Tenant, ["a"]));
    }

    private static ChangedNeighbours Told(string titleId) => new([titleId], UpTo: 1, Epoch: 1);

    /// <summary>One other silo, whose share are partitions 2 and 3.</summary>
    private sealed class Others : INeighbourSilos
    {
        private static readonly SiloAddress Silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

        public bool Fails { get; set; }

        public List<ImmutableArray<ChangedNeighboursQuestion>> Questions { get; } = [];

        public SiloAddress? FindOther(int partition) => partition >= 2 ? Silo : null;

        public Task<ImmutableArray<ChangedNeighbours?>> TakeChanged(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most)
        {
            Questions.Add(questions);
            return Answer<ImmutableArray<ChangedNeighbours?>>(() => [.. questions.Select(question => Told($"there {question.Partition}"))]);
        }

        public Task<ImmutableArray<NeighbourShareMessage>> Read(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
            Answer<ImmutableArray<NeighbourShareMessage>>(() => [.. partitions.Select(_ => FakePartitions.Share("there"))]);

        private Task<T> Answer<T>(Func<T> answer) => Fails ? Task.FromException<T>(new TimeoutException()) : Task.FromResult(answer());
    }
}
