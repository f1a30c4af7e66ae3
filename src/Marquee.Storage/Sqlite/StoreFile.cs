using Marquee.Storage.Events;
namespace Marquee.Storage.Sqlite;

/// <summary>A database file of ours: where it lies, what is in it, how it is opened without touching evidence of damage.</summary>
/// <param name="path">The database; its witness lies beside it, with the extension <c>.acknowledged</c>.</param>
/// <param name="applicationId">The number in the file's header that says which of our files it is.</param>
/// <param name="layouts">The layouts that it may have, the newest last: older files are brought to that one when they are opened for writing.</param>
/// <param name="bytesMax">The largest size of the file in bytes; 0 for no bound.</param>
internal sealed class StoreFile(string path, int applicationId, IReadOnlyList<StoreLayout> layouts, long bytesMax)
{
    private const int PageBytes = 4096;

    public string FilePath { get; } = path;

    public string WitnessPath { get; } = System.IO.Path.ChangeExtension(path, ".acknowledged");

    private StoreLayout Newest => layouts[^1];

    /// <summary>Opens the file for writing, creating it when it is new.</summary>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be opened now.</exception>
    public StoreConnection Open()
    {
        try
        {
            var isNew = !CheckBeforeOpening();
            var database = SqliteDatabase.OpenWriter(FilePath, bytesMax / PageBytes);
            try
            {
                if (isNew)
                {
                    Create(database);
                }
                else
                {
                    BringToNewest(database);
                }

                var ledger = new CommitLedger(database);
                return new StoreConnection(database, ledger, AcknowledgedWitness.Open(WitnessPath, ledger.Sequence));
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
        catch (SqliteFailureException exception)
        {
            throw exception.ToStoreException(FilePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{FilePath} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Checks header, tables, ledger and witness, writing nothing.</summary>
    /// <returns>False when there is no database yet.</returns>
    /// <exception cref="StoreDamagedException">Something is not what was written.</exception>
    /// <exception cref="SqliteFailureException">SQLite cannot open the file.</exception>
    public bool CheckBeforeOpening()
    {
        if (!File.Exists(FilePath) || new FileInfo(FilePath).Length == 0)
        {
            // SQLite would delete a write-ahead log that lies beside an empty database.
            return IsNew("no database file");
        }

        CheckVersions();
        using var database = SqliteDatabase.OpenReader(FilePath);
        return CheckHeader(database);
    }

    /// <summary>Checks header, tables, ledger and witness over an open connection.</summary>
    /// <returns>False when there is no table yet.</returns>
    public bool CheckHeader(SqliteDatabase database)
    {
        var found = new List<string>();
        using (var select = new SqliteStatement(database.Handle, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        {
            while (select.Step())
            {
                found.Add($"{select.Text(0)} {select.Text(1)}: {select.Text(2)}");
            }
        }

        if (found.Count == 0)
        {
            return IsNew("a database without tables");
        }

        Expect("header, application id", applicationId.ToString(), database.Query("PRAGMA application_id"));
        var version = database.Query("PRAGMA user_version");
        var layout = layouts.FirstOrDefault(layout => layout.Version.ToString() == version) ?? Newest;
        Expect("header, format version", layout.Version.ToString(), version);
        Expect("header, text encoding", "UTF-8", database.Query("PRAGMA encoding"));
        Expect("schema", string.Join("; ", layout.Tables.Prepend(CommitLedger.Schema).Select(sql => $"table {sql.Split(' ')[2]}: {sql}").Order(StringComparer.Ordinal)), string.Join("; ", found.Order(StringComparer.Ordinal)));
        AcknowledgedWitness.Check(WitnessPath, FilePath, CommitLedger.Read(database).Sequence);
        return true;
    }

    /// <summary>Checks the two bytes of the file's header that say who may read and write it; SQLite would take other values for
    /// those of another version of itself, and refuse every write.</summary>
    private void CheckVersions()
    {
        const int Versions = 18;
        Span<byte> header = stackalloc byte[Versions + 2];
        using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            Expect("header, write and read version", "2 2", $"{header[Versions]} {header[Versions + 1]}");
        }
    }

    /// <summary>Creates the tables in one transaction, so a start that is cut short leaves none of them.</summary>
    private void Create(SqliteDatabase database)
    {
        // The witness first: its directory entry is then durable no later than the database's own.
        AcknowledgedWitness.Open(WitnessPath, 0).Dispose();
        database.BeginWrite();
        foreach (var table in Newest.Tables.Prepend(CommitLedger.Schema))
        {
            database.Execute(table);
        }

        CommitLedger.Create(database);
        database.Execute($"PRAGMA application_id={applicationId}");
        database.Execute($"PRAGMA user_version={Newest.Version}");
        database.Commit();
    }

    /// <summary>Brings an older layout to the newest one in one transaction: cut short, it has not begun. The rows, and so the ledger, stay as they are.</summary>
    private void BringToNewest(SqliteDatabase database)
    {
        var found = database.Query("PRAGMA user_version");
        var older = layouts.TakeWhile(layout => layout.Version.ToString() != found).Count();
        if (older >= layouts.Count - 1)
        {
            return;
        }

        database.BeginWrite();
        foreach (var layout in layouts.Skip(older + 1))
        {
            foreach (var statement in layout.FromBefore)
            {
                database.Execute(statement);
            }
        }

        database.Execute($"PRAGMA user_version={Newest.Version}");
        database.Commit();
    }

    private bool IsNew(string found) => AcknowledgedWitness.Read(WitnessPath) is null or 0
        ? false
        : throw new StoreDamagedException(FilePath, $"transaction {AcknowledgedWitness.Read(WitnessPath)} (acknowledged)", found, RepairAdvice.Restore);

    private void Expect(string what, string expected, string? found)
    {
        if (!string.Equals(expected, found, StringComparison.Ordinal))
        {
            throw new StoreDamagedException($"{FilePath}, {what}", expected, found ?? "nothing", RepairAdvice.Restore);
        }
    }
}
