using Marquee.Engine.Models;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Users;

/// <summary>What ranking knows of a viewer. Immutable; arrays are never written after they are in here.</summary>
public sealed class UserTaste
{
    /// <summary>A viewer without events.</summary>
    public static readonly UserTaste Empty = new([], [], [], []);

    private FoldedTaste? _folded;
    private SequenceState? _followed;

    internal UserTaste(TasteEntry[] recent, int[] excluded, int[] list, WatchProgress[] inProgress) =>
        (Recent, Excluded, MyList, InProgress) = (recent, excluded, list, inProgress);

    /// <summary>The newest titles that the viewer engaged with, oldest first, each once.</summary>
    public TasteEntry[] Recent { get; }

    /// <summary>Numbers of the titles that are not to be recommended: watched, rated, disliked, given up or hidden. Ascending.</summary>
    public int[] Excluded { get; }

    /// <summary>Numbers of the titles on the viewer's list, newest first.</summary>
    public int[] MyList { get; }

    /// <summary>Titles begun and not finished, newest first.</summary>
    public WatchProgress[] InProgress { get; }

    /// <summary>Whether the viewer engaged with the title.</summary>
    public bool IsExcluded(int title) => Array.BinarySearch(Excluded, title) >= 0;

    /// <summary>The same exclusions with another past, for rows that start from one title.</summary>
    public UserTaste WithRecent(params TasteEntry[] recent) => new(recent, Excluded, MyList, InProgress);

    /// <summary>The viewer's embeddings under a model; computed once per model.</summary>
    /// <remarks>Two threads may both compute it; they get the same numbers.</remarks>
    internal FoldedTaste Fold(EmbeddingModel model, Func<EmbeddingModel, UserTaste, FoldedTaste> fold)
    {
        var folded = _folded;
        if (folded is null || !ReferenceEquals(folded.Model, model))
        {
            _folded = folded = fold(model, this);
        }

        return folded;
    }

    /// <summary>Where a sequence tower stands after the viewer's newest title; computed once per tower.</summary>
    /// <remarks>As with <see cref="Fold"/>.</remarks>
    internal SequenceState Follow(SequenceTower tower, TitleTable titles)
    {
        var followed = _followed;
        if (followed is null || !ReferenceEquals(followed.Tower, tower))
        {
            _followed = followed = tower.Follow(this, titles);
        }

        return followed;
    }
}
