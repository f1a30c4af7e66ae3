namespace Marquee.Grains.Users;

/// <summary>A viewer's state as it is stored: the packed history; everything else is a fold of it.</summary>
[GenerateSerializer, Alias("marquee.user-snapshot")]
internal sealed class UserSnapshot
{
    /// <summary>What <see cref="Engine.Users.EngagementHistory.ToBytes"/> wrote.</summary>
    [Id(0)] public byte[] History { get; set; } = [];

    /// <summary>Covers every event of the viewer up to and including this offset of its partition.</summary>
    [Id(1)] public long Offset { get; set; } = -1;
}
