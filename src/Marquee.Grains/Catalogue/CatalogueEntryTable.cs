using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>The titles of a tenant in order of their last change.</summary>
internal sealed class CatalogueEntryTable
{
    private readonly Dictionary<string, LinkedListNode<CatalogueRowMessage>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<CatalogueRowMessage> _byVersion = new();

    /// <summary>The version of the newest change.</summary>
    public long Version { get; private set; }

    /// <summary>The row of a title, or null.</summary>
    public CatalogueRowMessage? Find(string titleId) => _nodes.TryGetValue(titleId, out var node) ? node.Value : null;

    /// <summary>All rows, oldest change first.</summary>
    public IEnumerable<CatalogueRowMessage> All => _byVersion;

    /// <summary>Sets a title's metadata.</summary>
    /// <returns>Whether the title had metadata before.</returns>
    public bool SetMetadata(TitleMessage title)
    {
        var row = Find(title.TitleId);
        Change(new CatalogueRowMessage { TitleId = title.TitleId, Version = 0, Metadata = title, Live = row?.Live });
        return row is { Metadata: not null, Removed: false };
    }

    /// <summary>Removes a title's metadata; its live row stays, in case it comes back.</summary>
    /// <returns>Whether there was metadata.</returns>
    public bool Remove(string titleId)
    {
        if (Find(titleId) is not { Metadata: not null } row)
        {
            return false;
        }

        Change(row with { Metadata = null, Removed = true });
        return true;
    }

    /// <summary>Sets a title's live row, unless it counts fewer events than the one that is there.</summary>
    public void SetLive(TitleRowMessage live)
    {
        var row = Find(live.TitleId);
        if (row?.Live is { } known && known.EventCount > live.EventCount)
        {
            return;
        }

        Change((row ?? new CatalogueRowMessage { TitleId = live.TitleId, Version = 0 }) with { Live = live });
    }

    /// <summary>Takes a stored row over.</summary>
    public void Restore(CatalogueRowMessage row) => Change(row);

    /// <summary>The rows that changed after a version, oldest change first, at most <paramref name="most"/>.</summary>
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
            rows.Add(node.Value);
        }

        return (rows.DrainToImmutable(), count > most);
    }

    private void Change(CatalogueRowMessage row)
    {
        if (_nodes.TryGetValue(row.TitleId, out var node))
        {
            _byVersion.Remove(node);
        }

        _nodes[row.TitleId] = _byVersion.AddLast(row with { Version = ++Version });
    }
}
