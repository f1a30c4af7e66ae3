using Marquee.Storage.Events;
using Npgsql;

namespace Marquee.Storage.Postgres;

/// <summary>Creates and migrates the tables. Nodes that start at once wait for each other; each step is done once, in one transaction.</summary>
internal static class PostgresSchema
{
    /// <summary>Any number that no other program is likely to take: "MARQUEE" in ASCII.</summary>
    private const long AdvisoryLock = 0x4D415251554545;

    private const int PrepareSeconds = 60;

    /// <summary>The steps from nothing to the format that this version writes, the newest that it reads; step i makes format i + 1. Never changed once released: a new format is a new step.</summary>
    /// <remarks>Names compare byte by byte everywhere (<c>COLLATE "C"</c>), so that order does not depend on the server's language.</remarks>
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE {schema}.partition (
            partition    text COLLATE "C" PRIMARY KEY,
            epoch        bigint NOT NULL CHECK (epoch >= 1),
            first_offset bigint NOT NULL CHECK (first_offset >= 0),
            next_offset  bigint NOT NULL CHECK (next_offset >= first_offset)
        );
        CREATE TABLE {schema}.batch (
            partition    text COLLATE "C" NOT NULL REFERENCES {schema}.partition,
            first_offset bigint NOT NULL,
            count        integer NOT NULL CHECK (count >= 1),
            epoch        bigint NOT NULL,
            checksum     bigint NOT NULL,
            payload      bytea NOT NULL,
            PRIMARY KEY (partition, first_offset)
        );
        ALTER TABLE {schema}.batch ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE TABLE {schema}.state (
            state_name   text COLLATE "C" NOT NULL,
            grain_id     text COLLATE "C" NOT NULL,
            version      bigint NOT NULL CHECK (version >= 1),
            checksum     bigint NOT NULL,
            payload      bytea NOT NULL,
            PRIMARY KEY (state_name, grain_id)
        );
        CREATE TABLE {schema}.membership_version (
            cluster_id   text COLLATE "C" PRIMARY KEY,
            version      integer NOT NULL
        );
        CREATE TABLE {schema}.membership (
            cluster_id   text COLLATE "C" NOT NULL REFERENCES {schema}.membership_version,
            silo         text COLLATE "C" NOT NULL,
            etag         integer NOT NULL,
            status       integer NOT NULL,
            silo_name    text NOT NULL,
            host_name    text NOT NULL,
            proxy_port   integer NOT NULL,
            suspect_times text NOT NULL,
            start_time   timestamptz NOT NULL,
            alive_time   timestamptz NOT NULL,
            PRIMARY KEY (cluster_id, silo)
        );
        """,
    ];

    /// <summary>Brings the schema to the newest format, and checks that it is for this configuration.</summary>
    /// <param name="database">Where.</param>
    /// <param name="partitionCount">How many partitions the node is configured with.</param>
    /// <param name="steps">The version's steps: <see cref="Steps"/>, or those of another version.</param>
    /// <exception cref="StoreMismatchException">The schema was made with another number of partitions, or by a newer version.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached, or refuses.</exception>
    public static void Prepare(PostgresDatabase database, int partitionCount, IReadOnlyList<string> steps)
    {
        using var connection = database.Connect();
        try
        {
            RequireDurability(connection, database);
            using var transaction = connection.BeginTransaction();
            Run(connection, $"SET LOCAL lock_timeout = '{PrepareSeconds}s'");
            Run(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})");
            var (format, partitions) = Read(connection, database);
            if (format > steps.Count)
            {
                throw new StoreMismatchException($"{database.Place} has format {format}, and this version reads up to {steps.Count}. Start the version that made it, or a newer one.");
            }

            if (format == 0)
            {
                Run(connection, $"CREATE SCHEMA IF NOT EXISTS {database.Schema}");
                Run(connection, $"CREATE TABLE {database.Schema}.manifest (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), format integer NOT NULL, partitions integer NOT NULL, created timestamptz NOT NULL)");
                Run(connection, $"INSERT INTO {database.Schema}.manifest (format, partitions, created) VALUES (0, {partitionCount}, now())");
                partitions = partitionCount;
            }

            if (partitions != partitionCount)
            {
                throw new StoreMismatchException(
                    $"{database.Place} was made with {partitions} partitions, and the node is configured with {partitionCount}. "
                    + $"The number is fixed when the schema is made: configure {partitions}, or name another schema and import the events again.");
            }

            for (var step = format; step < steps.Count; step++)
            {
                Run(connection, steps[step].Replace("{schema}", database.Schema, StringComparison.Ordinal));
                Run(connection, $"UPDATE {database.Schema}.manifest SET format = {step + 1}");
            }

            transaction.Commit();
        }
        catch (Exception exception) when (PostgresFailure.IsExpected(exception))
        {
            throw PostgresFailure.ToStoreException(database.Place, "prepare the schema", exception);
        }
    }

    /// <summary>A server that answers before it has written would make every acknowledgement a lie.</summary>
    private static void RequireDurability(NpgsqlConnection connection, PostgresDatabase database)
    {
        foreach (var setting in (string[])["fsync", "synchronous_commit"])
        {
            using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            if (command.ExecuteScalar() is "off")
            {
                throw new StoreUnavailableException(
                    $"{database.Place} has {setting} = off: what it acknowledges would not survive a power cut. Set {setting} = on in the server's configuration, or for the node's user.");
            }
        }
    }

    private static (int Format, int Partitions) Read(NpgsqlConnection connection, PostgresDatabase database)
    {
        using (var exists = new NpgsqlCommand($"SELECT to_regclass('{database.Schema}.manifest') IS NOT NULL", connection))
        {
            if (exists.ExecuteScalar() is not true)
            {
                return (0, 0);
            }
        }

        using var command = new NpgsqlCommand($"SELECT format, partitions FROM {database.Schema}.manifest", connection);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? (reader.GetInt32(0), reader.GetInt32(1))
            : throw new StoreDamagedException($"{database.Place}, table manifest", "one row", "none", PostgresRepair.Restore);
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = PrepareSeconds };
        command.ExecuteNonQuery();
    }
}

/// <summary>The next step that damage reports name.</summary>
internal static class PostgresRepair
{
    public const string Restore = "Stop the nodes, keep a dump of the schema as it is, and restore the database from a backup.";
}
