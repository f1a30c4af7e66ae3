using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Names and order of what ranking knows of a title for one viewer; they follow <see cref="TitleFeatures"/> in the ranker.</summary>
public static class TasteFeatures
{
    /// <summary>How many features there are.</summary>
    public const int Count = 14;

    /// <summary>Viewers who went on to the title from the viewer's last ones.</summary>
    public const int Transition = 0;

    /// <summary>Its logarithm.</summary>
    public const int TransitionLog = 1;

    /// <summary>Viewers who went on to the title from the viewer's very last one.</summary>
    public const int Next = 2;

    /// <summary>Its logarithm.</summary>
    public const int NextLog = 3;

    /// <summary>Viewers who liked the title together with the viewer's titles, against its popularity.</summary>
    public const int CoWatch = 4;

    /// <summary>Its logarithm.</summary>
    public const int CoWatchLog = 5;

    /// <summary>The logarithm of the same without regard to popularity.</summary>
    public const int CoWatchVolume = 6;

    /// <summary>The features up to here come from neighbours: 0 for most titles.</summary>
    internal const int LastOfNeighbours = CoWatchVolume;

    /// <summary>How close its release is to those of the viewer's titles.</summary>
    public const int Year = 7;

    /// <summary>How much its genres are the viewer's.</summary>
    public const int Genre = 8;

    /// <summary>How much its people, tags, languages and so on are the viewer's.</summary>
    public const int Detail = 9;

    /// <summary>Inner product with the viewer's embedding, all positives alike.</summary>
    public const int Embedding = 10;

    /// <summary>Inner product with the viewer's embedding, recent positives ahead.</summary>
    public const int EmbeddingRecent = 11;

    /// <summary>What the newcomer model says, as far as the title's own events do not speak yet.</summary>
    public const int Newcomer = 12;

    /// <summary>What the sequence tower says: how much likelier the title is to be the viewer's next one than its popularity says.</summary>
    public const int Sequence = 13;

    /// <summary>Their names, in order.</summary>
    public static readonly string[] Names =
    [
        "transition", "transition.log", "next", "next.log", "coWatch", "coWatch.log", "coWatch.volume",
        "year", "genre", "detail", "embedding", "embedding.recent", "newcomer", "sequence",
    ];

    /// <summary>The names of all features of a ranker, in order.</summary>
    public static readonly string[] AllNames = [.. TitleFeatures.Names, .. Names];

    /// <summary>How many inputs an <see cref="Models.InterplayNetwork"/> has: all features, the viewer's situation, the distance to the best candidate.</summary>
    public static readonly int NetworkInputs = AllNames.Length + TasteContext.Count + 1;
}
