namespace Marquee.Tests.Storage.Snapshots;

/// <summary>A state as grains keep them.</summary>
[GenerateSerializer]
[Alias("test-taste")]
public sealed class TasteState
{
    [Id(0)]
    public int Plays { get; set; }

    [Id(1)]
    public float[] Embedding { get; set; } = [];
}
