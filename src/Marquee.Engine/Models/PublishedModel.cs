using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Models;

/// <summary>Everything that training produces, published and swapped as one. Immutable.</summary>
/// <remarks>The ranker's weights belong to the embeddings beside them, so the two are never mixed between versions.</remarks>
public sealed record PublishedModel
{
    /// <summary>What ranks before anything was trained: no embeddings, and a ranker whose weights come with the program.</summary>
    public static readonly PublishedModel Untrained = new() { Version = "untrained", Ranker = DefaultRanker.Instance };

    /// <summary>Names the model in answers and logs.</summary>
    public required string Version { get; init; }

    /// <summary>Stream time up to which events were trained on, milliseconds since the Unix epoch; 0 when untrained.</summary>
    public long TrainedUntil { get; init; }

    /// <summary>When it was trained, by the clock of the machine that trained it, milliseconds since the Unix epoch; 0 when nobody noted it.</summary>
    public long TrainedAt { get; init; }

    /// <summary>How many events it was trained on; 0 when untrained.</summary>
    public long TrainedEvents { get; init; }

    /// <summary>The title embeddings; null when there are none.</summary>
    public EmbeddingModel? Embeddings { get; init; }

    /// <summary>Predicts embeddings from metadata; null when there is none. Needs <see cref="Embeddings"/>.</summary>
    public ContentTower? Content { get; init; }

    /// <summary>Scores titles that hardly anyone has watched.</summary>
    public NewcomerModel Newcomers { get; init; } = DefaultNewcomerModel.Instance;

    /// <summary>Scores titles by the order of the viewer's last ones; null when there is none, or when it did not help.</summary>
    public SequenceTower? Sequence { get; init; }

    /// <summary>The ranker.</summary>
    public required AdditiveRanker Ranker { get; init; }

    /// <summary>d of the embeddings; 0 without.</summary>
    public int Dimension => Embeddings?.Dimension ?? 0;

    /// <summary>Writes a title's embedding: the trained one, else the one that its metadata predicts, else zeros.</summary>
    /// <param name="title">The title.</param>
    /// <param name="embedding">float32[d], overwritten.</param>
    public void Embed(TitleEntry title, Span<float> embedding)
    {
        var trained = Embeddings is null ? [] : Embeddings.Of(title.TitleId);
        if (!trained.IsEmpty)
        {
            trained.CopyTo(embedding);
        }
        else if (Content is not null)
        {
            Content.Predict(title, embedding);
        }
        else
        {
            embedding.Clear();
        }
    }
}
