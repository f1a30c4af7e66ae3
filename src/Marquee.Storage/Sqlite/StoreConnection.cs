using SQLitePCL;

namespace Marquee.Storage.Sqlite;

/// <summary>The one writing connection of a store file, with its ledger and witness. Belongs to the writer's thread.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>16 MiB of log: rewritten pages are moved once for many commits, and a crash leaves little to recover.</summary>
    private const int CheckpointPages = 4_096;

    private readonly AcknowledgedWitness _witness;
    private int _pagesAtCheckpoint;
    private bool _erased;

    public StoreConnection(SqliteDatabase database, CommitLedger ledger, AcknowledgedWitness witness)
    {
        (Database, Ledger, _witness) = (database, ledger, witness);
        Database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
    }

    public SqliteDatabase Database { get; }

    public CommitLedger Ledger { get; }

    public void Begin() => Database.BeginWrite();

    /// <summary>Makes the open transaction durable and witnesses it. When this returns, its effects may be acknowledged.</summary>
    /// <exception cref="SqliteFailureException">Full: nothing was written. Anything else: the outcome is unknown, the connection of no more use.</exception>
    /// <exception cref="IOException">The witness could not be written: the outcome is unknown, the connection of no more use.</exception>
    public void Commit()
    {
        Ledger.Write();
        Database.Commit();
        Ledger.Committed();
        _witness.Write(Ledger.Sequence);
    }

    /// <summary>Undoes the open transaction.</summary>
    public void RollBack()
    {
        Ledger.RolledBack();
        if (Database.InTransaction)
        {
            Database.Execute("ROLLBACK");
        }
    }

    /// <summary>Notes that the open transaction deletes what must not come to light again.</summary>
    public void Erases() => _erased = true;

    /// <summary>Moves the write-ahead log into the database when enough has gathered, or when it still holds what was erased.</summary>
    /// <param name="isIdle">Whether no request waits.</param>
    /// <exception cref="SqliteFailureException">A write or sync failed.</exception>
    public void CheckpointWhenDue(bool isIdle)
    {
        if (_erased && isIdle)
        {
            // Under load the log is soon written over anyway.
            _erased = !Database.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
            _pagesAtCheckpoint = Database.PagesWritten;
        }
        else if (Database.PagesWritten - _pagesAtCheckpoint >= CheckpointPages)
        {
            // Where a reader of an older state stands in the way, a little later again.
            var moved = Database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            _pagesAtCheckpoint = Database.PagesWritten - (moved ? 0 : CheckpointPages * 3 / 4);
        }
    }

    /// <summary>Leaves everything in the database file and an empty write-ahead log: a tidy directory to copy.</summary>
    public void CheckpointForGood() => Database.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);

    public void Dispose()
    {
        Database.Dispose();
        _witness.Dispose();
    }
}
