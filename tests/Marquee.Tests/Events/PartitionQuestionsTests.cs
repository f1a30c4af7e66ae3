using System.Collections.Immutable;
using System.Net;
using Marquee.Contracts.Titles;
using Marquee.Grains;
using Marquee.Grains.Events;
using Marquee.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Marquee.Tests.Events;

/// <summary>The partitions of another silo are asked together.</summary>
public sealed class PartitionQuestionsTests
{
    private const string Tenant = "default";
    private const int Partitions = 4;

    private readonly FakeGrainFactory _grains = new();
    private readonly Others _others = new();
    private readonly PartitionQuestions _partitions;

    public PartitionQuestionsTests()
    {
        _grains.Partitions.Changed = partition => Told($"here {partition}");
        _partitions = new PartitionQuestions(
            _grains, Options.Create(new MarqueeOptions { PartitionCount = Partitions }), NullLogger<PartitionQuestions>.Instance, _others);
    }

    [Fact]
    public async Task TakeChangedNeighbours_PartitionsOfAnotherSilo_AreAskedInOneCall()
    {
        var answers = await _partitions.TakeChangedNeighbours(Tenant, [null, 5, null, 7], most: 9);

        Assert.Equal(["here 0", "here 1", "there 2", "there 3"], answers.Select(answer => Assert.Single(answer!.TitleIds)));
        Assert.Equal([new ChangedNeighboursQuestion(2, null), new ChangedNeighboursQuestion(3, 7)], Assert.Single(_others.Questions));
    }

    [Fact]
    public async Task TakeChangedNeighbours_TheSiloDoesNotAnswer_ItsPartitionsAreUnanswered()
    {
        _others.Fails = true;
        Assert.Equal([true, true, false, false], (await _partitions.TakeChangedNeighbours(Tenant, new long?[Partitions], most: 9)).Select(answer => answer is not null));

        _others.Fails = false;
        Assert.All(await _partitions.TakeChangedNeighbours(Tenant, new long?[Partitions], most: 9), Assert.NotNull);
    }

    [Fact]
    public async Task TakeChangedNeighbours_APartitionHereDoesNotAnswer_TheOthersDo()
    {
        _grains.Partitions.Changed = partition => partition == 1 ? throw new TimeoutException() : Told($"here {partition}");
        Assert.Equal([true, false, true, true], (await _partitions.TakeChangedNeighbours(Tenant, new long?[Partitions], most: 9)).Select(answer => answer is not null));
    }

    /// <remarks>A sum without its part would be wrong: the round fails, and the next one asks again.</remarks>
    [Fact]
    public async Task ReadNeighbours_TheSiloDoesNotAnswer_Fails()
    {
        Assert.Equal(2, (await _partitions.ReadNeighbours(Tenant, ["a"])).Count(share => share.TitleIds is ["there"]));

        _others.Fails = true;
        await Assert.ThrowsAsync<TimeoutException>(() => _partitions.ReadNeighbours(Tenant, ["a"]));
    }

    [Fact]
    public async Task ReadTitles_PartitionsOfAnotherSilo_AreAskedInOneCall()
    {
        var shares = await _partitions.ReadTitles(Tenant, ["a", "b"]);

        Assert.Equal(2, shares.Length);
        Assert.All(shares, ofTitle => Assert.Equal([0, 1, 2, 3], ofTitle.Select(share => share.Partition).Order()));
        Assert.Equal([2, 3], Assert.Single(_others.TitleQuestions));
    }

    /// <remarks>So does a silo of an older build, which cannot be asked for several.</remarks>
    [Fact]
    public async Task ReadTitles_TheSiloDoesNotAnswer_EachPartitionIsAsked()
    {
        _others.Fails = true;
        Assert.Equal([0, 1, 2, 3], Assert.Single(await _partitions.ReadTitles(Tenant, ["a"])).Select(share => share.Partition).Order());
    }

    private static ChangedNeighbours Told(string titleId) => new([titleId], UpTo: 1, Epoch: 1);

    /// <summary>One other silo, whose share are partitions 2 and 3.</summary>
    private sealed class Others : IPartitionPeers
    {
        private static readonly SiloAddress Silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

        public bool Fails { get; set; }

        public List<ImmutableArray<ChangedNeighboursQuestion>> Questions { get; } = [];

        public List<ImmutableArray<int>> TitleQuestions { get; } = [];

        public SiloAddress? FindOther(int partition) => partition >= 2 ? Silo : null;

        public Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most)
        {
            Questions.Add(questions);
            return Answer<ImmutableArray<ChangedNeighbours?>>(() => [.. questions.Select(question => Told($"there {question.Partition}"))]);
        }

        public Task<ImmutableArray<NeighbourShareMessage>> ReadNeighbours(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
            Answer<ImmutableArray<NeighbourShareMessage>>(() => [.. partitions.Select(_ => FakePartitions.Share("there"))]);

        public Task<ImmutableArray<TitleChangeMessage>> ReadTitles(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds)
        {
            TitleQuestions.Add(partitions);
            return Fails ? throw new InvalidOperationException() : Answer<ImmutableArray<TitleChangeMessage>>(() => [.. titleIds.Select(titleId => new TitleChangeMessage(titleId, [.. partitions.Select(FakePartitions.TitleShare)]))]);
        }

        private Task<T> Answer<T>(Func<T> answer) => Fails ? Task.FromException<T>(new TimeoutException()) : Task.FromResult(answer());
    }
}
