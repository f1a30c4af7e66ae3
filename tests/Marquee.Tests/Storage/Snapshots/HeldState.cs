using System.Diagnostics.CodeAnalysis;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>What a grain holds of its stored state.</summary>
internal sealed class HeldState(TasteState state, string? etag = null) : IGrainState<TasteState>
{
    public HeldState()
        : this(new TasteState())
    {
    }

    [AllowNull]
    public TasteState State { get; set => field = value ?? new TasteState(); } = state;

    public string? ETag { get; set; } = etag;

    public bool RecordExists { get; set; }
}
