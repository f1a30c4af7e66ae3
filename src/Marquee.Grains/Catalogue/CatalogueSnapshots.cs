using System.IO.Hashing;
using System.Runtime.InteropServices;
using Marquee.Contracts.Catalogue;
using Marquee.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Grains.Catalogue;

/// <summary>Stores the catalogue's rows in buckets, so that a write costs what changed, and a manifest that says what they cover.</summary>
/// <remarks>A crash between bucket and manifest is harmless: newer rows under an older manifest are set again by replay.</remarks>
internal sealed class CatalogueSnapshots(IGrainStorage storage, GrainId grain)
{
    private const string ManifestName = "catalogue";

    private readonly IGrainState<CatalogueManifest> _manifest = new GrainState<CatalogueManifest>(new CatalogueManifest());
    private readonly IGrainState<CatalogueBucket>[] _buckets =
        [.. CatalogueBucket.Names.Select(_ => new GrainState<CatalogueBucket>(new CatalogueBucket()))];

    private readonly HashSet<int> _dirty = [];

    /// <summary>What is stored covers this.</summary>
    public CatalogueManifest Manifest => _manifest.State!;

    /// <summary>Whether a row changed since it was stored.</summary>
    public bool IsDirty => _dirty.Count > 0;

    /// <summary>Notes that a title's row changed.</summary>
    public void NoteChange(string titleId) => _dirty.Add(BucketOf(titleId));

    /// <summary>Reads all rows.</summary>
    public async Task<IReadOnlyList<CatalogueRowMessage>> Read()
    {
        await storage.ReadStateAsync(ManifestName, grain, _manifest);
        await ReadBuckets();
        var rows = _buckets.SelectMany(bucket => bucket.State!.Rows).OrderBy(row => row.Version).ToArray();
        LetGoOfRows();
        return rows;
    }

    /// <summary>Takes what is stored now for what the next write replaces, whoever wrote it.</summary>
    public async Task ReadVersions()
    {
        var stored = new GrainState<CatalogueManifest>(new CatalogueManifest());
        await storage.ReadStateAsync(ManifestName, grain, stored);

        // Its version alone: what it covers are the rows of whoever wrote it, and not those that are here.
        (_manifest.ETag, _manifest.RecordExists) = (stored.ETag, stored.RecordExists);
        await ReadBuckets();
        LetGoOfRows();
    }

    /// <summary>Stores the rows of the buckets that changed, then the manifest.</summary>
    public async Task Write(IEnumerable<CatalogueRowMessage> rows, CatalogueManifest manifest)
    {
        int[] dirty = [.. _dirty];
        _dirty.Clear();
        var byBucket = rows.ToLookup(row => BucketOf(row.TitleId));
        try
        {
            foreach (var i in dirty)
            {
                _buckets[i].State!.Rows = [.. byBucket[i]];
                await storage.WriteStateAsync(CatalogueBucket.Names[i], grain, _buckets[i]);
                _buckets[i].State!.Rows = [];
            }

            _manifest.State = manifest;
            await storage.WriteStateAsync(ManifestName, grain, _manifest);
        }
        catch
        {
            _dirty.UnionWith(dirty);
            throw;
        }
    }

    private Task ReadBuckets() => Task.WhenAll(_buckets.Select((bucket, i) => storage.ReadStateAsync(CatalogueBucket.Names[i], grain, bucket)));

    private void LetGoOfRows() => Array.ForEach(_buckets, bucket => bucket.State!.Rows = []);

    private static int BucketOf(string titleId) => (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(titleId.AsSpan())) % (ulong)CatalogueBucket.Names.Count);
}
