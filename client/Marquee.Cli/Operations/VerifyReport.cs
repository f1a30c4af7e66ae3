using Marquee.Storage.Embedded;

namespace Marquee.Cli.Operations;

/// <summary>What a check of a data directory came to; the JSON document of <c>log verify --json</c>.</summary>
/// <param name="Directory">The full path.</param>
/// <param name="Sound">Whether nothing was found.</param>
/// <param name="Format">The version of the directory's layout; null when the manifest is missing or damaged.</param>
/// <param name="Partitions">How many partitions the log knows.</param>
/// <param name="Batches">How many intact batches are retained.</param>
/// <param name="Entries">How many events and catalogue changes they hold.</param>
/// <param name="Snapshots">How many snapshots were checked.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Findings">Everything that is not what was written.</param>
internal sealed record VerifyReport(
    string Directory,
    bool Sound,
    int? Format,
    long Partitions,
    long Batches,
    long Entries,
    long Snapshots,
    double Seconds,
    IReadOnlyList<VerifyFinding> Findings)
{
    public static VerifyReport Of(string directory, VerificationReport report, TimeSpan elapsed) => new(
        Path.GetFullPath(directory),
        report.IsSound,
        report.Manifest?.Format,
        report.Partitions,
        report.Batches,
        report.Events,
        report.Snapshots,
        Math.Round(elapsed.TotalSeconds, 3),
        [.. report.Findings.Select(finding => new VerifyFinding(finding.Place, finding.Expected, finding.Found, finding.NextStep))]);
}

/// <summary>One thing that is not what was written.</summary>
/// <param name="Place">Where: file, partition and offset or key.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there.</param>
/// <param name="NextStep">What to do about it.</param>
internal sealed record VerifyFinding(string Place, string Expected, string Found, string NextStep);
