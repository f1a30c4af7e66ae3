using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>The titles of a tenant in order of their last change; each part of a row has a version of its own.</summary>
internal sealed class CatalogueEntryTable
{
    private static readonly CatalogueParts[] EachPart = [CatalogueParts.Metadata, CatalogueParts.Live, CatalogueParts.Neighbours];

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>
    /// Every part of every title once, by its last change. Parts and not titles: a reader who takes page after page has all
    /// that changed up to the end of a page, although a title may have changed once more, in another part, behind it.
    /// </summary>
    private readonly LinkedList<PartChange> _changes = new();

    /// <summary>The version of the newest change.</summary>
    public long Version { get; private set; }

    /// <summary>All rows, whole, oldest change first.</summary>
    public IEnumerable<CatalogueRowMessage> All => _entries.Values.OrderBy(static entry => entry.Version).Select(static entry => entry.ToMessage(CatalogueParts.All));

    /// <summary>Whether a title has metadata.</summary>
    public bool HasMetadata(string titleId) => _entries.TryGetValue(titleId, out var entry) && entry.Metadata is not null;

    /// <summary>Sets a title's metadata.</summary>
    /// <returns>Whether the title had metadata before.</returns>
    public bool SetMetadata(TitleMessage title)
    {
        var entry = EntryOf(title.TitleId);
        var had = entry is { Metadata: not null, Removed: false };

        // A replica has let go of a removed title altogether: it gets every part again.
        Change(entry, entry.Removed ? CatalogueParts.All : CatalogueParts.Metadata);
        (entry.Metadata, entry.Removed) = (title, false);
        return had;
    }

    /// <summary>Removes a title's metadata; its live parts stay, in case it comes back.</summary>
    public void Remove(string titleId)
    {
        if (HasMetadata(titleId))
        {
            var entry = EntryOf(titleId);
            (entry.Metadata, entry.Removed) = (null, true);
            Change(entry, CatalogueParts.Metadata);
        }
    }

    /// <summary>Sets a title's engagement, unless it counts fewer events than what is there.</summary>
    public void SetLive(TitleRowMessage live)
    {
        var entry = EntryOf(live.TitleId);
        if (entry.Live is { } known && known.Totals.EventCount > live.Totals.EventCount)
        {
            return;
        }

        entry.Live = live;
        Change(entry, CatalogueParts.Live);
    }

    /// <summary>Sets a title's neighbours.</summary>
    public void SetNeighbours(TitleNeighboursMessage neighbours)
    {
        var entry = EntryOf(neighbours.TitleId);
        entry.Neighbours = neighbours;
        Change(entry, CatalogueParts.Neighbours);
    }

    /// <summary>Takes a stored row over.</summary>
    public void Restore(CatalogueRowMessage row)
    {
        var entry = EntryOf(row.TitleId);
        (entry.Metadata, entry.Removed, entry.Live, entry.Neighbours) = (row.Metadata, row.Removed, row.Live, row.Neighbours);
        Change(entry, CatalogueParts.All);
    }

    /// <summary>The rows that changed after a version, with the parts that did, oldest change first, of about <paramref name="most"/> parts.</summary>
    /// <returns>The rows, the version that a reader has reached with them, and whether there are more.</returns>
    public (ImmutableArray<CatalogueRowMessage> Rows, long Version, bool More) After(long version, int most)
    {
        var parts = new Dictionary<Entry, CatalogueParts>();
        var reached = version;
        var count = 0;
        var node = FirstAfter(version);
        // Parts that changed at once have one version, which no page may cut in two.
        for (; node is not null && (count < most || node.Value.Version == reached); node = node.Next, count++)
        {
            var (entry, part, changed) = node.Value;
            parts[entry] = parts.GetValueOrDefault(entry) | part;
            reached = changed;
        }

        return ([.. parts.Select(static pair => pair.Key.ToMessage(pair.Value))], node is null ? Version : reached, node is not null);
    }

    private LinkedListNode<PartChange>? FirstAfter(long version)
    {
        var node = _changes.Last;
        while (node is not null && node.Value.Version > version)
        {
            node = node.Previous;
        }

        return node is null ? _changes.First : node.Next;
    }

    private Entry EntryOf(string titleId)
    {
        if (!_entries.TryGetValue(titleId, out var entry))
        {
            _entries.Add(titleId, entry = new Entry(titleId));
        }

        return entry;
    }

    /// <summary>Moves parts of a title to the end of the order, under the next version.</summary>
    private void Change(Entry entry, CatalogueParts parts)
    {
        entry.Version = ++Version;
        for (var i = 0; i < EachPart.Length; i++)
        {
            if (parts.HasFlag(EachPart[i]))
            {
                if (entry.Changes[i] is { } before)
                {
                    _changes.Remove(before);
                }

                entry.Changes[i] = _changes.AddLast(new PartChange(entry, EachPart[i], Version));
            }
        }
    }

    private readonly record struct PartChange(Entry Entry, CatalogueParts Part, long Version);

    private sealed class Entry(string titleId)
    {
        /// <summary>The last change of each part; null for one that never changed.</summary>
        public LinkedListNode<PartChange>?[] Changes { get; } = new LinkedListNode<PartChange>?[EachPart.Length];

        public TitleMessage? Metadata { get; set; }

        public bool Removed { get; set; }

        public TitleRowMessage? Live { get; set; }

        public TitleNeighboursMessage? Neighbours { get; set; }

        public long Version { get; set; }

        public CatalogueRowMessage ToMessage(CatalogueParts parts) => new()
        {
            TitleId = titleId,
            Version = Version,
            Parts = parts,
            Metadata = parts.HasFlag(CatalogueParts.Metadata) ? Metadata : null,
            Removed = Removed,
            Live = parts.HasFlag(CatalogueParts.Live) ? Live : null,
            Neighbours = parts.HasFlag(CatalogueParts.Neighbours) ? Neighbours : null,
        };
    }
}
