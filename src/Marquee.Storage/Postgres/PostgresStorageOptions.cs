using System.Text.RegularExpressions;
using Npgsql;

namespace Marquee.Storage.Postgres;

/// <summary>Which PostgreSQL database the nodes of a cluster share, and how it is used.</summary>
public sealed partial class PostgresStorageOptions
{
    private const string Example = "It is of the form `Host=db.internal;Username=marquee;Password=…;Database=marquee`; a value that holds a semicolon is put in quotes.";

    /// <summary>The connection string, in Npgsql's form. <c>Search Path</c> names the schema, <c>marquee</c> when it does not say.</summary>
    /// <remarks>Never shown: neither here nor in a log is anything of it but host, port and database.</remarks>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>How many log partitions the users are spread over, 1 to 4,096. Fixed when the schema is created.</summary>
    public int PartitionCount { get; set; } = 64;

    /// <summary>How many writes each store of a node queues; more wait to be queued. At least the number of partitions.</summary>
    public int QueuedWritesMax { get; set; } = 4_096;

    /// <summary>Every mistake in the options, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>();
        if (PartitionCount is < 1 or > 4_096)
        {
            mistakes.Add($"The number of partitions must be between 1 and 4096; found {PartitionCount}.");
        }

        if (QueuedWritesMax < PartitionCount)
        {
            mistakes.Add($"The number of queued writes must be at least that of partitions, {PartitionCount}; found {QueuedWritesMax}.");
        }

        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            mistakes.Add($"There is no connection string for PostgreSQL. {Example}");
        }
        else if (Parse(ConnectionString) is not { } connection)
        {
            // The parser's own message may quote a piece of the password.
            mistakes.Add($"The connection string for PostgreSQL cannot be read. {Example}");
        }
        else
        {
            if (string.IsNullOrEmpty(connection.Host))
            {
                mistakes.Add($"The connection string for PostgreSQL names no Host. {Example}");
            }

            if (!SchemaPattern().IsMatch(SchemaOf(connection)))
            {
                mistakes.Add("The Search Path in the connection string for PostgreSQL must be one schema's name: 1 to 63 small letters, digits and underscores, not beginning with a digit.");
            }
        }

        return mistakes;
    }

    /// <summary>The connection string's parts; null when it is none.</summary>
    internal static NpgsqlConnectionStringBuilder? Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The schema that a connection string names.</summary>
    internal static string SchemaOf(NpgsqlConnectionStringBuilder connection) =>
        string.IsNullOrWhiteSpace(connection.SearchPath) ? "marquee" : connection.SearchPath.Trim();

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaPattern();
}
