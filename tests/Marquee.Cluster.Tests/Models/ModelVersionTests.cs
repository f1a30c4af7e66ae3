using System.Collections.Immutable;
using Marquee.Cluster.Tests.Grains;
using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Models;

namespace Marquee.Cluster.Tests.Models;

/// <summary>Versions of the model on a real silo over a real store, judged by a fake.</summary>
public sealed class ModelVersionTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-models-").FullName;
    private TestSilo _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await TestSilo.Start(_directory);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Publish_BetterModels_RankAndRollBackOneAfterTheOther()
    {
        Assert.Equal("untrained", Served);
        await Published("m1");
        await Published("m2");
        Assert.Equal([("m1", "untrained"), ("m2", "m1")], Judge.Asked);

        Assert.Equal("m1", (await RollBack(null)).Current);
        Assert.Equal("m1", Served);
        Assert.Equal("untrained", (await RollBack(null)).Current);
        Assert.Equal("untrained", Served);
        Assert.Equal(ModelOutcome.NoSuchVersion, (await RollBack(null)).Outcome);
        Assert.Equal("m2", (await RollBack("m2")).Current);
        Assert.Equal("m2", Served);
        Assert.Equal(ModelOutcome.NoSuchVersion, (await RollBack("m3")).Outcome);
        Assert.Equal("m2", Served);
    }

    [Fact]
    public async Task Publish_WorseModel_IsRefusedWithBothFiguresUnlessForced()
    {
        await Published("m1");

        var refused = await Publish("worse", force: false);
        Assert.Equal((ModelOutcome.Worse, "m1"), (refused.Outcome, refused.Current));
        Assert.Contains("NDCG@10 .0500 against .1000", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("m1", Served);
        Assert.Equal(["m1"], Names(await List()));

        var forced = await Publish("worse", force: true);
        Assert.Equal((ModelOutcome.Done, true), (forced.Outcome, forced.Version!.Forced));
        await Follows(forced);
        Assert.Equal("worse", Served);
    }

    [Fact]
    public async Task Publish_NothingToCompareOn_IsPublishedWithoutFigures()
    {
        var change = await Publish("unknown-1", force: false);

        Assert.Equal(ModelOutcome.Done, change.Outcome);
        Assert.Null(change.Version!.Trial);
    }

    [Fact]
    public async Task Publish_ComparisonFails_IsRefusedUnlessForced()
    {
        Assert.Equal(ModelOutcome.Unavailable, (await Publish("broken", force: false)).Outcome);
        Assert.Empty((await List()).Versions);
        Assert.Equal(ModelOutcome.Done, (await Publish("broken", force: true)).Outcome);
    }

    [Fact]
    public async Task Publish_SameModelAgain_ChangesNothing_AnotherOfItsName_IsRefused()
    {
        await Published("m1");
        await Published("m2");
        Assert.Equal(ModelOutcome.Done, (await Publish("m2", force: false)).Outcome);
        Assert.Equal(["m2", "m1"], Names(await List()));

        Assert.Equal(ModelOutcome.VersionTaken, (await Publish("m1", force: false)).Outcome);
        Assert.Equal(ModelOutcome.VersionTaken, (await Publisher.Publish(Bytes(Model("m2") with { TrainedUntil = 9 }), true)).Outcome);
        Assert.Equal("m2", Served);
    }

    [Fact]
    public async Task Publish_BytesThatAreNoModel_AreRefused()
    {
        Assert.Equal(ModelOutcome.NotAModel, (await Publisher.Publish([1, 2, 3], true)).Outcome);
        Assert.Equal(ModelOutcome.NotAModel, (await Publish("no/name", force: true)).Outcome);
        Assert.Equal(ModelOutcome.NotAModel, (await Publish("untrained", force: true)).Outcome);
        Assert.Empty(Judge.Asked);
    }

    [Fact]
    public async Task Publish_WhileAnotherIsCompared_IsBusy_AndWhatWasOvertakenIsRefused()
    {
        var slow = new TaskCompletionSource();
        Judge.Delay = slow.Task;
        var first = Publish("m1", force: false);
        await Judge.Begun;

        Assert.Equal(ModelOutcome.Busy, (await Publish("m2", force: false)).Outcome);

        // Another silo's publisher would get through to the registry.
        var registry = _silo.Grains.GetGrain<IModelRegistryGrain>("default");
        var other = ModelVersions.Describe(Model("m3"), Bytes(Model("m3")).AsSpan(), "default/m3/1", ModelOrigin.Upload, "untrained", DateTimeOffset.UtcNow);
        Assert.Equal(ModelOutcome.Done, (await registry.Register(other)).Outcome);
        slow.SetResult();
        Assert.Equal(ModelOutcome.Overtaken, (await first).Outcome);
        Assert.Equal(["m3"], Names(await List()));
    }

    [Fact]
    public async Task Publish_ManyModels_KeepsTheNewestAndTheOneThatRanks()
    {
        for (var i = 1; i <= 7; i++)
        {
            await Published($"m{i}");
        }

        var kept = await List();
        Assert.Equal(["m7", "m6", "m5", "m4", "m3"], Names(kept));
        foreach (var version in kept.Versions)
        {
            Assert.NotNull(await Files.Read(version.StoreKey));
        }

        Assert.Equal(ModelOutcome.NoSuchVersion, (await RollBack("m1")).Outcome);

        await RollBack("m3");
        var change = await Publish("m8", force: false);
        Assert.Equal("m3", change.Version!.Replaced);
        Assert.Equal(["m8", "m7", "m6", "m5", "m4"], Names(await List()));
        Assert.Null(await Files.Read(kept.Versions[^1].StoreKey));
    }

    [Fact]
    public async Task Restart_PublishedModel_RanksAgainWithItsFigures()
    {
        await Published("m1");
        await Published("m2");
        await RollBack("m1");
        var before = await List();

        await Restart();

        await Ranks("m1");
        var after = await List();
        Assert.Equal((before.Current, before.Sequence), (after.Current, after.Sequence));
        Assert.Equal(before.Versions, after.Versions);
    }

    /// <summary>A store from before there were versions holds one model under a key of its own.</summary>
    [Fact]
    public async Task Restart_StoreOfOneModel_TakesItAsTheFirstVersion()
    {
        await Files.Write("published", new StoredModel { Model = [.. Bytes(Model("old"))], Events = 5_000 });

        await Restart();

        await Ranks("old");
        var version = Assert.Single((await List()).Versions);
        Assert.Equal(("old", 5_000, "untrained"), (version.Version, version.Events, version.Replaced));
    }

    [Fact]
    public async Task Restart_StoredModelThatThisProgramDoesNotRead_IsNoneAndCanBeReplaced()
    {
        var change = await Publish("m1", force: false);
        await Files.Remove(change.Version!.StoreKey);
        var damaged = Bytes(Model("m1")).ToArray();
        damaged[^1] ^= 1;
        await Files.Write(change.Version.StoreKey, new StoredModel { Model = damaged });

        await Restart();

        Assert.True(await _silo.Get<ModelFollower>().WaitFor(change.Sequence, TimeSpan.FromSeconds(20)));
        Assert.Equal(("untrained", "m1"), (Served, _silo.Get<ModelFollower>().Unreadable));
        await Published("m2");
    }

    private IModelPublisherGrain Publisher => _silo.Grains.GetGrain<IModelPublisherGrain>(0);

    private ModelFiles Files => _silo.Get<ModelFiles>();

    private FakeJudge Judge => (FakeJudge)_silo.Get<IModelJudge>();

    private string Served => _silo.Get<CatalogueReplica>().Current.Model.Version;

    private static PublishedModel Model(string version) => PublishedModel.Untrained with { Version = version };

    private static ImmutableArray<byte> Bytes(PublishedModel model) => [.. PublishedModelCodec.ToBytes(model)];

    private static IEnumerable<string> Names(ModelList list) => list.Versions.Select(static version => version.Version);

    private Task<ModelList> List() => _silo.Grains.GetGrain<IModelRegistryGrain>("default").List();

    private Task<ModelChange> Publish(string version, bool force) => Publisher.Publish(Bytes(Model(version)), force);

    private async Task Published(string version)
    {
        var change = await Publish(version, force: false);
        Assert.True(change is { Outcome: ModelOutcome.Done }, change.ToString());
        await Follows(change);
        Assert.Equal(version, Served);
    }

    private async Task<ModelChange> RollBack(string? version)
    {
        var change = await _silo.Grains.GetGrain<IModelRegistryGrain>("default").RollBack(version);
        await Follows(change);
        return change;
    }

    private async Task Follows(ModelChange change) => Assert.True(await Publisher.WaitForSequence(change.Sequence, TimeSpan.FromSeconds(10)));

    private async Task Ranks(string version)
    {
        Assert.True(await _silo.Get<ModelFollower>().WaitFor(0, TimeSpan.FromSeconds(20)));
        Assert.Equal(version, Served);
    }

    private async Task Restart()
    {
        await _silo.DisposeAsync();
        _silo = await TestSilo.Start(_directory);
    }
}
