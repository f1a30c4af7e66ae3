using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Models;

public sealed class PublishedModelCodecTests
{
    [Fact]
    public void FromBytes_WhatWasWritten_IsTheSameModel()
    {
        var bytes = PublishedModelCodec.ToBytes(Model());
        var read = PublishedModelCodec.FromBytes(bytes);

        Assert.Equal("v7", read.Version);
        Assert.Equal((123, 1_700_000_000_000, 4_000_000_000), (read.TrainedUntil, read.TrainedAt, read.TrainedEvents));
        Assert.Equal([1f, 2, 3, 4], read.Embeddings!.Of("b").ToArray());
        Assert.Equal([5, 70_000], read.Newcomers.Features);
        Assert.Equal(Model().Sequence!.Network.Parameters, read.Sequence!.Network.Parameters);
        Assert.Equal(Model().Sequence!.Of("b").ToArray(), read.Sequence.Of("b").ToArray());
        Assert.Equal((7, 3), (read.Sequence.Length, read.Sequence.Content!.Features[0]));
        Assert.Equal(Model().Ranker.Interplay!.InputWeights, read.Ranker.Interplay!.InputWeights);
        Assert.Equal(bytes, PublishedModelCodec.ToBytes(read));
    }

    [Fact]
    public void FromBytes_AnyFlippedByte_IsRefused()
    {
        var bytes = PublishedModelCodec.ToBytes(Model());
        for (var i = 0; i < bytes.Length; i += 17)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => PublishedModelCodec.FromBytes(damaged));
        }
    }

    [Fact]
    public void FromBytes_ShortenedOrForeign_IsRefused()
    {
        var bytes = PublishedModelCodec.ToBytes(Model());
        Assert.Throws<InvalidDataException>(() => PublishedModelCodec.FromBytes(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => PublishedModelCodec.FromBytes([]));
        Assert.Throws<InvalidDataException>(() => PublishedModelCodec.FromBytes(new byte[100]));
    }

    /// <remarks>A file comes from outside: what a ranking relies on is looked at before.</remarks>
    [Fact]
    public void FromBytes_PartsThatDoNotFitOrAreNotNumbers_AreRefused()
    {
        var model = Model();
        PublishedModel[] wrong =
        [
            model with { Content = new ContentTower(3, [3], new float[6]) },
            model with { Embeddings = null },
            model with { Embeddings = new EmbeddingModel(4, ["a"], [1, float.NaN, 2, 3], 0.1f, 0.2f) },
            model with { Embeddings = new EmbeddingModel(4, ["a"], [1, 2, 3, 4], 0.1f, 0) },
            model with { Sequence = new SequenceTower(Tower.Network, 7, ["b"], [.. new float[15], float.NaN], null) },
            model with { Ranker = new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, [float.PositiveInfinity, .. new float[Weights - 1]], new float[Weights]) },
        ];

        Assert.All(wrong, static each => Assert.Throws<InvalidDataException>(() => PublishedModelCodec.FromBytes(PublishedModelCodec.ToBytes(each))));
    }

    [Fact]
    public void SequenceTower_PartsThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(static () => new SequenceNetwork(16, 16, [.. Tower.Network.Parameters.Reverse()]));
        Assert.Throws<ArgumentException>(static () => new SequenceTower(Tower.Network, 7, ["a"], new float[15], null));
        Assert.Throws<ArgumentException>(static () => new SequenceTower(Tower.Network, 101, ["a"], new float[16], null));
        Assert.Throws<ArgumentException>(static () => new SequenceTower(Tower.Network, 7, ["a"], new float[16], new ContentTower(8, [3], new float[16])));
    }

    private static SequenceTower Tower => SequenceTowerTests.Tower(["a", "b"], 7);

    private static int Weights => TasteFeatures.AllNames.Length * TasteContext.Count;

    private static PublishedModel Model() => PublishedModel.Untrained with
    {
        Version = "v7",
        TrainedUntil = 123,
        TrainedAt = 1_700_000_000_000,
        TrainedEvents = 4_000_000_000,
        Ranker = new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, new float[Weights], new float[Weights])
        {
            Interplay = InterplayNetwork.Untrained(TasteFeatures.NetworkInputs),
        },
        Embeddings = new EmbeddingModel(4, ["a", "b"], [5, 6, 7, 8, 1, 2, 3, 4], 0.1f, 0.2f),
        Newcomers = new NewcomerModel([5, 70_000], [1, 2, 3], [.. Enumerable.Range(0, NewcomerModel.Count * TasteContext.Count).Select(static i => (float)i)]),
        Sequence = new SequenceTower(Tower.Network, Tower.Length, Tower.TitleIds, Tower.Vectors, new ContentTower(16, [3], new float[32])),
        Content = new ContentTower(4, [3, 9], [1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0]),
    };
}
