using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Embedded;

/// <summary>What a check of a data directory found.</summary>
/// <param name="Manifest">What the directory says about itself; null when that is missing or damaged.</param>
/// <param name="Partitions">How many partitions the log knows.</param>
/// <param name="Batches">How many intact batches are retained.</param>
/// <param name="Events">How many events they hold.</param>
/// <param name="Snapshots">How many snapshots were checked.</param>
/// <param name="Findings">Everything that is not what was written, up to a bound; empty when the directory is sound.</param>
public sealed record VerificationReport(
    DataManifest? Manifest, long Partitions, long Batches, long Events, long Snapshots, IReadOnlyList<StoreFinding> Findings)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsSound => Findings.Count == 0;
}

/// <summary>How far a check has come.</summary>
/// <param name="What">What is counted: <c>events</c>, then <c>snapshots</c>.</param>
/// <param name="Done">How many are checked.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct VerificationProgress(string What, long Done, long Total);
