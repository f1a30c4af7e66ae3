using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Marquee.Storage.Azure;

/// <summary>Which Azure storage account the nodes of a cluster share, and how it is used.</summary>
public sealed class AzureStorageOptions
{
    /// <summary>The container of the partition log and the manifest.</summary>
    public const string LogContainer = "marquee-log";

    /// <summary>The container of the snapshots; the official Orleans provider's usual one.</summary>
    public const string StateContainer = "grainstate";

    /// <summary>The table of the cluster's members; the official Orleans provider's usual one.</summary>
    public const string MembershipTable = "OrleansSiloInstances";

    private const string Example =
        "It is of the form `DefaultEndpointsProtocol=https;AccountName=marquee;AccountKey=…;EndpointSuffix=core.windows.net`, as the portal shows it under Access keys; for Azurite `UseDevelopmentStorage=true`.";

    /// <summary>The connection string of the storage account. Never shown: neither here nor in a log is anything of it but the account and its host.</summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>How many log partitions the users are spread over, 1 to 4,096. Fixed at the first start.</summary>
    public int PartitionCount { get; set; } = 64;

    /// <summary>How long one request, or one silence within it, may take; an append that takes longer is of unknown outcome.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Appends after which a partition goes on in a new blob. Azure allows 50,000 per blob.</summary>
    public int SegmentBlocksMax { get; set; } = 49_000;

    /// <summary>Bytes after which a partition goes on in a new blob: what a node that opens the partition reads at the most to find its place.</summary>
    public long SegmentBytesMax { get; set; } = 64L << 20;

    /// <summary>Every mistake in the options, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>();
        if (PartitionCount is < 1 or > 4_096)
        {
            mistakes.Add($"The number of partitions must be between 1 and 4096; found {PartitionCount}.");
        }

        if (RequestTimeout < TimeSpan.FromMilliseconds(100) || RequestTimeout > TimeSpan.FromMinutes(5))
        {
            mistakes.Add($"The time-out of a request must be between 0.1 s and 5 min; found {RequestTimeout.TotalSeconds} s.");
        }

        if (SegmentBlocksMax is < 1 or > 49_900)
        {
            mistakes.Add($"The number of appends per blob must be between 1 and 49900; found {SegmentBlocksMax}.");
        }

        if (SegmentBytesMax < 1)
        {
            mistakes.Add($"The number of bytes per blob must be at least 1; found {SegmentBytesMax}.");
        }

        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            mistakes.Add($"There is no connection string for Azure Storage. {Example}");
        }
        else if (!IsConnectionString(ConnectionString))
        {
            // The parser's own message may quote a piece of the key.
            mistakes.Add($"The connection string for Azure Storage cannot be read. {Example}");
        }

        return mistakes;
    }

    private static bool IsConnectionString(string connectionString)
    {
        // The client would look for the tables at the public address, while the blobs are somewhere else.
        if (Names("BlobEndpoint") != Names("TableEndpoint"))
        {
            return false;
        }

        try
        {
            var tables = new TableServiceClient(connectionString);
            return new BlobServiceClient(connectionString).AccountName.Length > 0 && tables.AccountName.Length > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }

        bool Names(string setting) => connectionString.Contains($"{setting}=", StringComparison.OrdinalIgnoreCase);
    }
}
