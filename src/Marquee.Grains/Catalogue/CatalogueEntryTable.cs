using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>The titles of a tenant in order of their last change; each part of a row has a version of its own.</summary>
internal sealed class CatalogueEntryTable
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byVersion = new();

    /// <summary>The version of the newest change.</summary>
    public long Version { get; private set; }

    /// <summary>All rows, whole, oldest change first.</summary>
    public IEnumerable<CatalogueRowMessage> All => _byVersion.Select(entry => entry.ToMessage(CatalogueParts.All));

    /// <summary>Whether a title has metadata.</summary>
    public bool HasMetadata(string titleId) => _nodes.TryGetValue(titleId, out var node) && node.Value.Metadata is not null;

    /// <summary>Sets a title's metadata.</summary>
    /// <returns>Whether the title had metadata before.</returns>
    public bool SetMetadata(TitleMessage title)
    {
        var entry = Change(title.TitleId);
        var had = entry is { Metadata: not null, Removed: false };

        // A replica has let go of a removed title altogether: it gets every part again.
        entry.Touch(entry.Removed ? CatalogueParts.All : CatalogueParts.Metadata, Version);
        (entry.Metadata, entry.Removed) = (title, false);
        return had;
    }

    /// <summary>Removes a title's metadata; its live parts stay, in case it comes back.</summary>
    public void Remove(string titleId)
    {
        if (HasMetadata(titleId))
        {
            var entry = Change(titleId);
            (entry.Metadata, entry.Removed) = (null, true);
            entry.Touch(CatalogueParts.Metadata, Version);
        }
    }

    /// <summary>Sets a title's engagement, unless it counts fewer events than what is there.</summary>
    public void SetLive(TitleRowMessage live)
    {
        if (_nodes.TryGetValue(live.TitleId, out var node) && node.Value.Live is { } known && known.Totals.EventCount > live.Totals.EventCount)
        {
            return;
        }

        var entry = Change(live.TitleId);
        entry.Live = live;
        entry.Touch(CatalogueParts.Live, Version);
    }

    /// <summary>Sets a title's neighbours.</summary>
    public void SetNeighbours(TitleNeighboursMessage neighbours)
    {
        var entry = Change(neighbours.TitleId);
        entry.Neighbours = neighbours;
        entry.Touch(CatalogueParts.Neighbours, Version);
    }

    /// <summary>Takes a stored row over.</summary>
    public void Restore(CatalogueRowMessage row)
    {
        var entry = Change(row.TitleId);
        (entry.Metadata, entry.Removed, entry.Live, entry.Neighbours) = (row.Metadata, row.Removed, row.Live, row.Neighbours);
        entry.Touch(CatalogueParts.All, Version);
    }

    /// <summary>The rows that changed after a version, with the parts that did, oldest change first, at most <paramref name="most"/>.</summary>
    public (ImmutableArray<CatalogueRowMessage> Rows, bool More) After(long version, int most)
    {
        var node = _byVersion.Last;
        var count = 0;
        while (node is not null && node.Value.Version > version)
        {
            node = node.Previous;
            count++;
        }

        var rows = ImmutableArray.CreateBuilder<CatalogueRowMessage>(Math.Min(count, most));
        for (node = node is null ? _byVersion.First : node.Next; node is not null && rows.Count < most; node = node.Next)
        {
            rows.Add(node.Value.ToMessage(node.Value.PartsAfter(version)));
        }

        return (rows.DrainToImmutable(), count > most);
    }

    /// <summary>The title's entry, moved to the end of the order under the next version.</summary>
    private Entry Change(string titleId)
    {
        if (_nodes.TryGetValue(titleId, out var node))
        {
            _byVersion.Remove(node);
        }
        else
        {
            _nodes.Add(titleId, node = new LinkedListNode<Entry>(new Entry(titleId)));
        }

        _byVersion.AddLast(node);
        Version++;
        return node.Value;
    }

    private sealed class Entry(string titleId)
    {
        private long _metadataVersion;
        private long _liveVersion;
        private long _neighboursVersion;

        public TitleMessage? Metadata { get; set; }

        public bool Removed { get; set; }

        public TitleRowMessage? Live { get; set; }

        public TitleNeighboursMessage? Neighbours { get; set; }

        public long Version => Math.Max(_metadataVersion, Math.Max(_liveVersion, _neighboursVersion));

        public void Touch(CatalogueParts parts, long version)
        {
            _metadataVersion = parts.HasFlag(CatalogueParts.Metadata) ? version : _metadataVersion;
            _liveVersion = parts.HasFlag(CatalogueParts.Live) ? version : _liveVersion;
            _neighboursVersion = parts.HasFlag(CatalogueParts.Neighbours) ? version : _neighboursVersion;
        }

        public CatalogueParts PartsAfter(long version) =>
            (_metadataVersion > version ? CatalogueParts.Metadata : CatalogueParts.None)
            | (_liveVersion > version ? CatalogueParts.Live : CatalogueParts.None)
            | (_neighboursVersion > version ? CatalogueParts.Neighbours : CatalogueParts.None);

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
