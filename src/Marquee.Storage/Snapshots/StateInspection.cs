using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Snapshots;

/// <summary>Checks every row of the snapshots: checksums, and that they are exactly the rows that the ledger summed.</summary>
internal static class StateInspection
{
    /// <summary>Checks the rows over a connection inside a read transaction.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="content">The sum of the rows' checksums, from the ledger.</param>
    /// <param name="report">Told each finding.</param>
    /// <param name="visit">Told after each row.</param>
    public static void Run(SqliteDatabase database, ulong content, Action<StoreFinding> report, Action? visit = null)
    {
        var sum = 0UL;
        using var states = new SqliteStatement(database.Handle, "SELECT state_name, grain_id, version, checksum, payload FROM state");
        while (states.Step())
        {
            var key = new StateKey(states.Text(0), states.Text(1));
            var checksum = (ulong)states.Int64(3);
            var found = StateTables.Checksum(key, states.Int64(2), states.Blob(4));
            sum = unchecked(sum + checksum);
            if (found != checksum)
            {
                report(new StoreFinding($"{database.Path}, table state, {key}", $"checksum {checksum:x16}", $"{found:x16}"));
            }

            visit?.Invoke();
        }

        if (sum != content)
        {
            report(new StoreFinding($"{database.Path}, table state", $"rows whose checksums add up to {content:x16}", $"{sum:x16}: a row is missing, or an older one came back"));
        }
    }
}
