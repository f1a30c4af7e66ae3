using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Tests.Fixtures;

/// <summary>What is stored stays readable: each file was written when its format was new, from the same eight entries.</summary>
public sealed class StoredFormatTests
{
    private static readonly LogEntry[] Entries =
    [
        new("default", "ada", Event("e1", "ada", "moon", EngagementType.Complete, 0) with { Country = "GB" }),
        new("default", "ada", Event("018f2b1e-7a3c-7def-8123-456789abcdef", "ada", "gravity", EngagementType.Rate, 1_000) with { Value = 4.5 }),
        new("default", "bob", Event("d-0123456789abcdef0123456789abcdef", "bob", "moon", EngagementType.Progress, -86_400_000) with
        {
            PositionSeconds = 1_234.5,
            DurationSeconds = 5_820,
            SessionId = "s-1",
            RecommendationId = "top-picks~m1~01a2",
            Country = "DE",
            Device = "tv, großer Schirm",
        }),
        new("acme", "ada", Event("e1", "ada", "solaris", EngagementType.Dislike, 2_000)),
        new("acme", "cy", null),
        new("default", "bob", Event("e2", "bob", "gravity", EngagementType.Like, 3_000)),
        new("default", "bob", null),
        new("default", "dot", Event("e3", "dot", "moon", EngagementType.Impression, 4_000)),
    ];

    [Fact]
    public void Decode_LogBatchOfVersion1_IsStillRead()
    {
        var batch = LogEntryCodec.Decode(StoredFiles.Read("log-batch-1.bin"));

        Assert.Equal(StoredFiles.Noon + 5_000, batch.AppendedAt);
        Assert.Equal(Entries, batch.Entries);
    }

    [Fact]
    public void Read_PartitionStateOfVersion2_IsStillRead()
    {
        var state = PartitionState.Read(StoredFiles.Read("partition-state-2.bin"), new PartitionStateOptions());

        Assert.Equal((8, 5, 5), (state.NextOffset, state.Tail.FirstOffset, state.Tail.NextOffset));
        Assert.Equal(6, state.Duplicates.Count);
        Assert.All(Entries.Where(entry => !entry.IsErasure), entry => Assert.True(state.Duplicates.Contains(DuplicateWindow.HashOf(entry.Tenant, entry.UserId, entry.Event!.EventId))));
        Assert.Equal(["acme", "default"], state.Folds.Keys);
        Assert.Equal((1, 0), (state.Folds["acme"].TitleCount, state.Folds["acme"].ViewerCount));

        var fold = state.Folds["default"];
        Assert.Equal((2, 1, StoredFiles.Noon + 4_000), (fold.TitleCount, fold.ViewerCount, fold.StreamTime));
        var moon = fold.Find("moon")!;
        var summary = moon.Summarise();
        Assert.Equal((8, StoredFiles.Noon - 86_400_000, StoredFiles.Noon + 4_000), (moon.Version, moon.FirstEventAt, moon.LastEventAt));
        Assert.Equal((3, 1, 1, 1), (summary.EventCount, summary.Counts[(int)EngagementType.Complete], summary.Counts[(int)EngagementType.Progress], summary.Counts[(int)EngagementType.Impression]));
        Assert.Equal((1, 2), (moon.Positives, fold.Find("gravity")!.Positives));
        Assert.Equal([moon.Number], fold.Find("gravity")!.Neighbours!.Titles.ToArray());
    }

    [Fact]
    public void Replay_LogBatchOntoPartitionState_GoesOnFromThere()
    {
        var state = PartitionState.Read(StoredFiles.Read("partition-state-2.bin"), new PartitionStateOptions());

        state.Replay(0, LogEntryCodec.Decode(StoredFiles.Read("log-batch-1.bin")));

        // All was folded before; only the tail's index is made anew.
        Assert.Equal((8, 8), (state.NextOffset, state.Tail.NextOffset));
        Assert.Equal(["default/bob", "default/dot"], state.Tail.Users.Order());
        Assert.Equal(3, state.Folds["default"].Find("moon")!.Summarise().EventCount);
    }

    [Fact]
    public void FromBytes_HistoryOfVersion1_IsStillRead()
    {
        var history = EngagementHistory.FromBytes(StoredFiles.Read("history-1.bin"), new TitleTable());

        // A history keeps neither session nor slate, country or device.
        var kept = Entries.Where(entry => entry is { Tenant: "default", Event: not null })
            .Select(entry => entry.Event! with { UserId = "u", SessionId = null, RecommendationId = null, Country = null, Device = null });
        Assert.Equal(kept, history.ToList("u"));
    }

    /// <remarks>From before the newcomer feature: what it does not know is weighed as by default.</remarks>
    [Fact]
    public void FromBytes_ModelOfVersion1_IsStillRead()
    {
        var model = PublishedModelCodec.FromBytes(StoredFiles.Read("model-1.bin"));

        Assert.Equal(("m-2026-03-01", StoredFiles.Noon, 4), (model.Version, model.TrainedUntil, model.Dimension));
        Assert.Equal(["gravity", "moon"], model.Embeddings!.TitleIds);
        Assert.Equal([1f, -2, 0.5f, 4], model.Embeddings.Of("moon").ToArray());
        Assert.Equal((0.1f, 0.2f), (model.Embeddings.UnobservedWeight, model.Embeddings.Regularisation));
        Assert.Equal([3, 9], model.Content!.Features);
        Assert.Equal([1f, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0], model.Content.Weights);
        Assert.Equal(TasteFeatures.AllNames, model.Ranker.Features);
        Assert.Equal(
            DefaultRanker.Instance.CandidateWeights.TakeLast(TasteContext.Names.Length), model.Ranker.CandidateWeights.TakeLast(TasteContext.Names.Length));
        Assert.Null(model.Ranker.Interplay);
    }

    /// <remarks>From before the newcomer feature, too: its network does not look at it.</remarks>
    [Fact]
    public void FromBytes_ModelOfVersion2_IsStillRead()
    {
        var network = PublishedModelCodec.FromBytes(StoredFiles.Read("model-2.bin")).Ranker.Interplay!;

        Assert.Equal((TasteFeatures.NetworkInputs, 0.25f), (network.Inputs, network.InputWeights[7]));
        Assert.All(network.InputWeights.Skip((TasteFeatures.AllNames.Length - 1) * InterplayNetwork.Hidden).Take(InterplayNetwork.Hidden), weight => Assert.Equal(0, weight));
        Assert.Equal(-0.5f, network.Biases[1]);
        Assert.Equal(2, network.OutputWeights[31]);
    }

    [Fact]
    public void FromBytes_ModelOfVersion3_IsStillRead()
    {
        var model = PublishedModelCodec.FromBytes(StoredFiles.Read("model-3.bin"));

        Assert.Equal(("m-3", StoredFiles.Noon, StoredFiles.Noon + 5_000, 1_234), (model.Version, model.TrainedUntil, model.TrainedAt, model.TrainedEvents));
        Assert.Equal([1f, -2, 0.5f, 4], model.Embeddings!.Of("moon").ToArray());
        Assert.Equal(TasteFeatures.NetworkInputs, model.Ranker.Interplay!.Inputs);
        Assert.Null(model.Sequence);
    }

    [Fact]
    public void FromBytes_ModelOfVersion4_IsStillRead()
    {
        var tower = PublishedModelCodec.FromBytes(StoredFiles.Read("model-4.bin")).Sequence!;

        Assert.Equal((4, 2, 9), (tower.Dimension, tower.Network.Hidden, tower.Length));
        Assert.Equal([1f, -2, 0.5f, 4], tower.Of("moon").ToArray());
        Assert.Equal([3], tower.Content!.Features);
        Assert.Equal([0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 7.5f], tower.Network.Parameters.Select(static weights => weights[^1]));
    }

    [Fact]
    public void FromBytes_ModelOfVersion5_IsStillRead()
    {
        var newcomers = PublishedModelCodec.FromBytes(StoredFiles.Read("model-5.bin")).Newcomers;

        Assert.Equal([5, 70_000], newcomers.Features);
        Assert.Equal(Enumerable.Range(0, NewcomerModel.Count * TasteContext.Count).Select(static i => i / 4f), newcomers.Weights);
    }

    /// <remarks>From before there were directions: nothing is weighed by them.</remarks>
    [Fact]
    public void FromBytes_ModelOfVersion1WithNewcomers_IsStillRead()
    {
        var newcomers = PublishedModelCodec.FromBytes(StoredFiles.Read("model-1-newcomers.bin")).Newcomers;

        Assert.Equal([5, 70_000], newcomers.Features);
        Assert.Equal([1f, 2, 3], newcomers.Promises);
        Assert.Equal(0.5f, newcomers.Weights[7]);
        Assert.All(newcomers.Weights[(NewcomerModel.Direction * TasteContext.Count)..], weight => Assert.Equal(0, weight));
    }

    private static EngagementEvent Event(string id, string user, string title, EngagementType type, long after) =>
        new() { EventId = id, UserId = user, TitleId = title, Type = type, OccurredAt = StoredFiles.Noon + after };
}
