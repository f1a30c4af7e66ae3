namespace Marquee.Engine.Users;

/// <summary>A title that a viewer began and did not finish.</summary>
/// <param name="Title">The title's number in the process's title table.</param>
/// <param name="WatchedShare">0 to 1; null when no event told.</param>
/// <param name="OccurredAt">Event time of the newest play or progress, milliseconds since the Unix epoch.</param>
public readonly record struct WatchProgress(int Title, double? WatchedShare, long OccurredAt);
