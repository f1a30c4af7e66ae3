namespace Marquee.Storage.Sqlite;

/// <summary>The next steps that damage reports name.</summary>
internal static class RepairAdvice
{
    public const string Restore =
        "Keep a copy of the data directory, run `marquee log verify` on it for the whole picture, and restore from a backup.";
}
