namespace Marquee.Storage.Snapshots;

/// <summary>A viewer's state as it is stored: the packed history; everything else is a fold of it.</summary>
[GenerateSerializer, Alias("marquee.user-snapshot")]
public sealed class UserSnapshot
{
    /// <summary>The name of the state of a viewer's grain.</summary>
    public const string StateName = "user";

    /// <summary>The type of a viewer's grain.</summary>
    public const string GrainTypeName = "user";

    /// <summary>What <see cref="Engine.Users.EngagementHistory.ToBytes"/> wrote.</summary>
    [Id(0)] public byte[] History { get; set; } = [];

    /// <summary>Covers every event of the viewer up to and including this offset of its partition.</summary>
    [Id(1)] public long Offset { get; set; } = -1;

    /// <summary>The key of a viewer's grain, <c>tenant/user</c>.</summary>
    /// <param name="grainId">As <see cref="ISnapshotReader"/> gives it.</param>
    public static string KeyOf(string grainId) => grainId[(GrainTypeName.Length + 1)..];
}
