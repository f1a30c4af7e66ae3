using Marquee.Storage.Events;

namespace Marquee.Storage.Sqlite;

/// <summary>Checks a whole store file, writing nothing: header, tables, ledger, witness, structure and every row.</summary>
internal static class StoreInspection
{
    /// <summary>Runs the check; the structure and the rows on a thread each.</summary>
    /// <param name="file">The file; when there is none yet, there is nothing to find.</param>
    /// <param name="rows">Checks the rows over a connection inside a read transaction, against the ledger's content.</param>
    /// <param name="report">Told each finding; throws to stop at the first. Called by one thread at a time.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be read now.</exception>
    public static void Run(StoreFile file, Action<SqliteDatabase, ulong, Action<StoreFinding>> rows, Action<StoreFinding> report)
    {
        var reporting = new Lock();
        void ReportOne(StoreFinding finding)
        {
            lock (reporting)
            {
                report(finding);
            }
        }

        if (!Guard(file, ReportOne, file.CheckBeforeOpening))
        {
            return;
        }

        var structure = Task.Run(() => Guard(file, ReportOne, () => CheckStructure(file, ReportOne)));
        try
        {
            Guard(file, ReportOne, () => CheckRows(file, rows, ReportOne));
        }
        finally
        {
            structure.GetAwaiter().GetResult();
        }
    }

    private static bool CheckRows(StoreFile file, Action<SqliteDatabase, ulong, Action<StoreFinding>> rows, Action<StoreFinding> report)
    {
        using var database = SqliteDatabase.OpenReader(file.FilePath);
        database.Begin();
        rows(database, CommitLedger.Read(database).Content, report);
        database.Commit();
        return true;
    }

    private static bool CheckStructure(StoreFile file, Action<StoreFinding> report)
    {
        using var database = SqliteDatabase.OpenReader(file.FilePath);
        using var check = new SqliteStatement(database.Handle, "PRAGMA quick_check(20)");
        while (check.Step())
        {
            if (check.Text(0) is var found && found != "ok")
            {
                report(new StoreFinding($"{file.FilePath}, structure", "ok", found));
            }
        }

        return true;
    }

    /// <summary>Turns damage that was thrown into a finding.</summary>
    private static bool Guard(StoreFile file, Action<StoreFinding> report, Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (SqliteFailureException exception)
        {
            if (exception.ToStoreException(file.FilePath) is not StoreDamagedException damaged)
            {
                throw exception.ToStoreException(file.FilePath);
            }

            report(StoreFinding.From(damaged));
            return false;
        }
        catch (StoreDamagedException damaged)
        {
            report(StoreFinding.From(damaged));
            return false;
        }
    }
}
