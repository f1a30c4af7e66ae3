namespace Marquee.Cli.Load.Traffic;

/// <summary>What became of a call.</summary>
internal enum CallOutcome
{
    /// <summary>Answered with success.</summary>
    Answered,

    /// <summary>Refused because of too much work: 429 or 503.</summary>
    Shed,

    /// <summary>Refused for another reason.</summary>
    Refused,

    /// <summary>No answer: the connection failed, or the time was up.</summary>
    Lost,
}

/// <summary>What a call came to.</summary>
internal readonly record struct CallResult
{
    /// <summary>What became of it.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>For a person, when it was not answered.</summary>
    public string? Message { get; init; }

    /// <summary>The answer is older or plainer than asked for.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>Events that the call carried.</summary>
    public int Events { get; init; }

    /// <summary>Of these, those acknowledged as new.</summary>
    public int Accepted { get; init; }

    /// <summary>Those that were there already.</summary>
    public int Duplicates { get; init; }

    /// <summary>Those that were refused one by one.</summary>
    public int Rejected { get; init; }
}

/// <summary>Makes calls.</summary>
internal interface ILoadCalls
{
    /// <summary>Makes one call, and never throws: every end of a call is a result.</summary>
    Task<CallResult> SendAsync(Arrival arrival, CancellationToken abandoned);
}
