using SQLitePCL;

namespace Marquee.Storage.Sqlite;

/// <summary>The one writing connection of a store file, with its ledger and witness. Belongs to the writer's thread.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>16 MiB of log: rewritten pages are moved once for many commits, and a crash leaves little to recover.</summary>
    private const int CheckpointPages = 4_096;

    /// <summary>Beyond this much log a checkpoint waits for readers, so that the log starts over.</summary>
    private const int CheckpointPagesMax = 16 * CheckpointPages;

    private readonly AcknowledgedWitness _witness;
    private int _pagesAtCheckpoint;

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

    /// <summary>Moves the write-ahead log into the database when enough has gathered.</summary>
    /// <exception cref="SqliteFailureException">A write or sync failed.</exception>
    public void CheckpointWhenDue()
    {
        var pages = Database.PagesWritten - _pagesAtCheckpoint;
        if (pages < CheckpointPages)
        {
            return;
        }

        if (Database.Checkpoint(pages < CheckpointPagesMax ? raw.SQLITE_CHECKPOINT_PASSIVE : raw.SQLITE_CHECKPOINT_RESTART))
        {
            _pagesAtCheckpoint = Database.PagesWritten;
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
