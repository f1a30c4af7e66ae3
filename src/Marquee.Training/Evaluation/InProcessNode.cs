using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Training.Evaluation;

/// <summary>The engine's whole state in one process, moved by events as a node moves it: fold, title statistics, catalogue, tastes.</summary>
/// <remarks>One partition instead of many, with as many neighbours per title as a node keeps after summing its partitions.</remarks>
public sealed class InProcessNode
{
    private const int NeighbourCapacity = 512;
    private const int NeighboursPerRow = 200;

    private readonly EngagementFold _fold;
    private readonly StrongestNeighbours _strongest = new();
    private readonly Dictionary<string, TitleMetadata> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TasteState> _tastes = new(StringComparer.Ordinal);
    private readonly TitleTable _titles = new();
    private readonly HashSet<string> _staleNeighbours = new(StringComparer.Ordinal);
    private CatalogueSnapshot _catalogue;
    private PublishedModel _model = PublishedModel.Untrained;
    private long _offset;
    private int[] _numbers = [];
    private int _numbered;

    /// <summary>Starts a node with a catalogue and no events.</summary>
    public InProcessNode(IEnumerable<TitleMetadata> titles)
    {
        _fold = new EngagementFold(NeighbourCapacity, _titles);
        var rows = new List<CatalogueRow>();
        foreach (var title in titles)
        {
            _metadata[title.TitleId] = title;
            rows.Add(new CatalogueRow(title.TitleId, title, TitleSummary.Empty, TitleNeighbours.None));
        }

        _catalogue = CatalogueSnapshot.Empty(_titles).With(_model, rows, [], 0, 1);
    }

    /// <summary>Numbers the titles.</summary>
    public TitleTable Titles => _titles;

    /// <summary>The model that ranks; publishing one takes effect with the next <see cref="Catalogue"/>.</summary>
    public PublishedModel Model
    {
        get => _model;
        set => _model = value;
    }

    /// <summary>The catalogue with every event so far.</summary>
    public CatalogueSnapshot Catalogue
    {
        get
        {
            if (_fold.HasChangedTitles || _fold.HasChangedNeighbours || _staleNeighbours.Count > 0 || !ReferenceEquals(_model, _catalogue.Model))
            {
                TakeChangedNeighbours();
                Publish([.. _staleNeighbours]);
            }

            return _catalogue;
        }
    }

    /// <summary>The catalogue with every event so far that a ranking can see which starts from some titles: neighbours of others may be older.</summary>
    /// <remarks>One event changes the neighbours of twenty titles, and a ranking reads those of the viewer's own past only.</remarks>
    /// <param name="titles">Numbers of the titles.</param>
    public CatalogueSnapshot CatalogueFor(IEnumerable<int> titles)
    {
        TakeChangedNeighbours();
        Publish([.. titles.Select(_titles.IdOf).Where(_staleNeighbours.Contains)]);
        return _catalogue;
    }

    /// <summary>A viewer's taste with every event so far.</summary>
    public UserTaste TasteOf(string userId) => _tastes.TryGetValue(userId, out var taste) ? taste.Freeze() : UserTaste.Empty;

    /// <summary>Applies an event to everything.</summary>
    public void Apply(EngagementEvent engagement)
    {
        ApplyToTitles(engagement);
        ApplyToUser(engagement);
    }

    /// <summary>Applies an event to the titles' statistics.</summary>
    public void ApplyToTitles(EngagementEvent engagement) => _fold.Apply(engagement, _offset++);

    /// <summary>Applies an event to the viewer's taste.</summary>
    public void ApplyToUser(EngagementEvent engagement)
    {
        if (!_tastes.TryGetValue(engagement.UserId, out var taste))
        {
            _tastes[engagement.UserId] = taste = new TasteState(_titles);
        }

        taste.Apply(engagement);
    }

    private void TakeChangedNeighbours() => _staleNeighbours.UnionWith(_fold.TakeChangedNeighbours(int.MaxValue));

    private void Publish(string[] linked)
    {
        _staleNeighbours.ExceptWith(linked);
        var changed = _fold.TakeChangedTitles().Select(title => title.TitleId).ToHashSet(StringComparer.Ordinal);
        NumberTitles();
        var rows = new List<CatalogueRow>(changed.Count + linked.Length);
        foreach (var titleId in linked)
        {
            changed.Remove(titleId);
            var neighbours = _fold.Find(titleId)?.Neighbours;
            rows.Add(Row(titleId, neighbours is null ? TitleNeighbours.None : _strongest.Of(neighbours, _numbers, NeighboursPerRow)));
        }

        rows.AddRange(changed.Select(titleId => Row(titleId, _catalogue.Find(titleId)?.Neighbours ?? TitleNeighbours.None)));
        _catalogue = _catalogue.With(_model, rows, [], _fold.StreamTime, _catalogue.Version + 1);
    }

    private void NumberTitles()
    {
        if (_numbers.Length < _fold.TitleCount)
        {
            Array.Resize(ref _numbers, Math.Max(1024, 2 * _fold.TitleCount));
        }

        for (; _numbered < _fold.TitleCount; _numbered++)
        {
            _numbers[_numbered] = _titles.NumberOf(_fold.IdOf(_numbered));
        }
    }

    private CatalogueRow Row(string titleId, TitleNeighbours neighbours) =>
        new(titleId, _metadata.GetValueOrDefault(titleId), _fold.Find(titleId)?.Summarise() ?? TitleSummary.Empty, neighbours);
}
