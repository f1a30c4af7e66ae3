namespace Marquee.Gateway;

/// <summary>What the HTTP gateway can be told; section <c>Marquee:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>The tenant whose users and titles this node serves; scopes every key. Default <c>default</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Number of partitions of the event log, as the store's manifest has it; 1 to 4,096. Default 64.</summary>
    public int PartitionCount { get; set; } = 64;

    /// <summary>
    /// Requests that are answered at once, those of operators not counted; one more is answered with 429. Default 8,192: in a fault
    /// many wait for seconds, and each takes some ten kilobytes.
    /// </summary>
    public int ConcurrentRequestsMax { get; set; } = 8_192;

    /// <summary>Writes that are worked on at once; one more is answered with 429. Default 512.</summary>
    public int ConcurrentWritesMax { get; set; } = 512;

    /// <summary>Bytes of request bodies held at once; beyond, a write is answered with 429. At least one body. Default 128 MiB.</summary>
    public long BodyBytesMax { get; set; } = 128L << 20;

    /// <summary>How long a read waits for its grain before a plainer answer is given. Default 2 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a read that has no plainer answer (a history, counters) is tried again while its grain comes up on another node;
    /// 0 tries it once. Default 12 s: as long as a node that freezes takes to be declared dead, and a little.
    /// </summary>
    public TimeSpan ReadRetryBudget { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// How long a write whose outcome is unknown is tried again, events with the same ids, while its grain comes up on another
    /// node, and waited for; 0 tries it once. Default 15 s: a node that freezes or is cut off is declared dead after ten, and then
    /// its partitions have to come up elsewhere.
    /// </summary>
    public TimeSpan WriteRetryBudget { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many viewers' answers this node keeps for when their grain does not answer; 0 keeps none. Default 4,096.</summary>
    public int KeptAnswersMax { get; set; } = 4_096;

    /// <summary>How long it keeps them. Default 5 minutes.</summary>
    public TimeSpan KeptAnswersAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a change of the catalogue waits for this node's replica to show it. Default 2 s.</summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
