namespace Marquee.Cli.Chaos.Faults;

/// <summary>What is wrong with a link. Requests go from the client to the server, answers come back.</summary>
/// <param name="Kind">The fault.</param>
internal sealed record LinkFault(LinkFaultKind Kind)
{
    /// <summary>Nothing is wrong.</summary>
    public static readonly LinkFault None = new(LinkFaultKind.None);

    /// <summary>Nothing gets through, in either direction. When the link heals, what was held back arrives late, as TCP sends it again.</summary>
    public static readonly LinkFault Drop = new(LinkFaultKind.Drop);

    /// <summary>Every connection is reset, and so is each new one.</summary>
    public static readonly LinkFault Reset = new(LinkFaultKind.Reset);

    /// <summary>Requests arrive, answers are lost. When the link heals, connections that lost something are reset.</summary>
    public static readonly LinkFault HalfOpen = new(LinkFaultKind.HalfOpen);

    /// <summary>How much later each piece of a request arrives, for <see cref="LinkFaultKind.Latency"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much gets through each way, for <see cref="LinkFaultKind.Slow"/>.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Each piece of a request arrives later by so much.</summary>
    public static LinkFault Latency(TimeSpan delay) => new(LinkFaultKind.Latency) { Delay = delay };

    /// <summary>A narrow link.</summary>
    /// <param name="bytesPerSecond">Each way, at least 1.</param>
    public static LinkFault Slow(int bytesPerSecond) => new(LinkFaultKind.Slow) { BytesPerSecond = bytesPerSecond };
}

/// <summary>The kinds of faults.</summary>
internal enum LinkFaultKind
{
    None,
    Latency,
    Drop,
    Reset,
    HalfOpen,
    Slow,
}
